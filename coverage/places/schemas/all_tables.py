"""All schemas by the name of their table."""

from collections.abc import Mapping

from coverage.places.schemas.cost_columns import COSTS
from coverage.places.schemas.ferry_columns import FERRIES
from coverage.places.schemas.population_columns import POPULATION
from coverage.places.schemas.table_schema import TableSchema
from coverage.places.schemas.target_columns import TARGETS
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.schemas.visit_columns import VISITS
from coverage.places.schemas.vulnerability_columns import VULNERABILITY

__all__ = ["TABLES"]

TABLES: Mapping[str, TableSchema] = {
    schema.name: schema for schema in (UNITS, VISITS, POPULATION, VULNERABILITY, FERRIES, TARGETS, COSTS)
}
