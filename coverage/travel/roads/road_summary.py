"""What stored roads amount to, in the numbers a planner asks for."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage.travel.roads.area import villages_near
from coverage.travel.roads.road_network import CLASSES, Roads
from coverage.travel.roads.segments import FERRY

_PARTS_TOLD = 5


@dataclass(frozen=True)
class Summary:
    """Roads in numbers.

    Attributes
    ----------
    nodes, edges, one_way_edges
        Counts.
    km_by_class, edges_by_class
        In the order of :data:`coverage.travel.roads.road_network.CLASSES`, classes without edges left out.
    ferries
        Number of ferry ways.
    components
        Parts that no road or ferry joins, directions left aside.
    component_km
        Lengths of the five longest parts.
    largest_component_share
        Share of the whole length that the longest part holds.
    villages, villages_within_limit
        Villages of the region, and those within 2 km of a road in a straight line.
    """

    nodes: int
    edges: int
    one_way_edges: int
    km_by_class: dict[str, float]
    edges_by_class: dict[str, int]
    ferries: int
    components: int
    component_km: tuple[float, ...]
    largest_component_share: float
    villages: int
    villages_within_limit: int


def summarise(roads: Roads) -> Summary:
    """Count and measure stored roads."""
    names = roads.road_class.astype(str)
    present = [name for name in CLASSES if (names == name).any()]
    nodes, edges = len(roads.lon), len(roads.tail)
    joins = coo_array((np.ones(edges), (roads.tail, roads.head)), shape=(nodes, nodes))
    components, part = connected_components(joins, directed=False)
    lengths = np.sort(np.bincount(part[roads.tail], weights=roads.km, minlength=components))[::-1]
    near, villages = villages_near(roads, roads.source.region)
    return Summary(
        nodes=nodes,
        edges=edges,
        one_way_edges=int((~roads.both_ways).sum()),
        km_by_class={name: float(roads.km[names == name].sum()) for name in present},
        edges_by_class={name: int((names == name).sum()) for name in present},
        ferries=len(set(roads.ferry_id[names == FERRY])),
        components=int(components),
        component_km=tuple(float(km) for km in lengths[:_PARTS_TOLD]),
        largest_component_share=float(lengths[0] / lengths.sum()),
        villages=villages,
        villages_within_limit=near,
    )
