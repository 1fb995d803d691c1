"""Proposals of sites as tables with labels and words, shared by the command line and the dashboard."""

from coverage.answers.siting.alternatives import Alternative
from coverage.answers.siting.goal import Difference
from coverage.answers.siting.propose import Proposal, access_figures
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.texts import Language, Message, say

__all__ = ["alternative_lines", "always_line", "cost_lines", "figures_line", "loss_of", "site_list", "site_title"]


def site_title(proposal: Proposal, lang: Language) -> str:
    """Say what the proposal brings in one line, and how sure it is."""
    sites = proposal.sites
    people = float(sites["population_newly_covered"].sum())
    known = bool(sites["population_newly_covered"].notna().any())
    finding = say(
        "siting.title" if known else "siting.title_villages",
        lang,
        n=len(sites),
        region=proposal.study.region.name,
        cutoff_min=proposal.question.cutoff_min,
        status=proposal.result.in_words().text(lang),
        **({"people": people} if known else {"villages": int(sites["villages_newly_covered"].sum())}),
    )
    return answer_listings.led(proposal.study, finding, lang)


def site_list(proposal: Proposal, lang: Language, *, located: bool = True) -> Listing:
    """List the proposed sites; `located` adds their points."""
    keys = [
        *("kode", "name", "kind", "district", "regency"),
        *(("lat", "lon") if located else ()),
        *("villages_newly_covered", "population_newly_covered", "referral_name", "referral_min"),
        *(("cost",) if proposal.total_cost is not None else ()),
    ]
    several = len(proposal.found.sets) > 1
    return Listing(
        [answer_listings.column(key, lang) for key in keys],
        proposal.sites,
        title=site_title(proposal, lang),
        subtitle=(model_line(proposal, lang), *cost_lines(proposal, lang), answer_listings.tiers(proposal.study, lang)),
        footnotes=[
            *answer_listings.first_notes(proposal.study, lang),
            *alternative_lines(proposal, lang),
            *((always_line(proposal, lang),) if several else ()),
            *(note.text(lang) for note in proposal.notes),
        ],
    )


def model_line(proposal: Proposal, lang: Language) -> str:
    """Name the model and what it seeks."""
    model = proposal.model
    priced = model.seeks_priced if proposal.total_cost is not None else None
    return say(priced or model.seeks, lang)


def cost_lines(proposal: Proposal, lang: Language) -> tuple[str, ...]:
    """Say what the best set costs, of which budget; nothing where costs are not known."""
    total, budget = proposal.total_cost, proposal.question.budget
    if total is None:
        return ()
    if budget is None:
        return (say("siting.total_cost", lang, total_rupiah=total),)
    return (say("siting.total_of_budget", lang, total_rupiah=total, budget_rupiah=budget, left_rupiah=budget - total),)


def figures_line(proposal: Proposal, lang: Language, *, after: bool) -> str:
    """Say mean, farthest tenth and longest journey before or after."""
    figures = access_figures(proposal.change.after if after else proposal.change.before)
    if any(value is None for value in figures.values()):
        return say("siting.no_figures", lang)
    return say("siting.figures", lang, **figures)


def alternative_lines(proposal: Proposal, lang: Language) -> list[str]:
    """Say for each further set what it loses and where it differs."""
    return [_alternative(proposal, rank, entry, lang) for rank, entry in enumerate(proposal.found.sets[1:], 2)]


def _alternative(proposal: Proposal, rank: int, entry: Alternative, lang: Language) -> str:
    same = entry.behind.level is None
    if entry.instead or not entry.without:
        key = "siting.alternative_same" if same else "siting.alternative"
    else:
        # Only leaves sites out, and puts nothing in their place.
        key = "siting.alternative_same_fewer" if same else "siting.alternative_fewer"
    line = say(
        key,
        lang,
        rank=rank,
        instead=_names(proposal, entry.instead, lang),
        without=_names(proposal, entry.without, lang),
        status=entry.result.in_words().text(lang),
        **({} if same else {"loss": loss_of(entry.behind).text(lang)}),
    )
    total = proposal.cost_of(entry.result.sites)
    return line if total is None else say("siting.alternative_cost", lang, line=line, total_rupiah=total)


def loss_of(behind: Difference) -> Message:
    """Say what a set loses, at the level of the goal where it does."""
    return Message.of(f"siting.loss_{behind.level}", loss_share=behind.share)


def always_line(proposal: Proposal, lang: Language) -> str:
    """Name the sites that every set holds."""
    always = proposal.found.always_chosen
    if not always:
        return say("siting.always_none", lang)
    return say("siting.always", lang, sets=len(proposal.found.sets), names=_names(proposal, always, lang))


def _names(proposal: Proposal, sites: tuple[int, ...], lang: Language) -> str:
    return ", ".join(proposal.problem.name(site) for site in sites) or say("siting.nothing", lang)
