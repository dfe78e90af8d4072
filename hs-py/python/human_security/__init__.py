"""Analysis of human security: threats as a domino network, externalities of interventions, whom they may harm.

>>> import human_security as hs
>>> n = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.6, 0.4], names=["drought", "hunger", "flight"])
>>> len(n)
3
"""

from human_security import dask, examples, framework
from human_security._core import __version__
from human_security.accumulator import ScoreAccumulator
from human_security.assessment import Assessment
from human_security.doubt import sobol
from human_security.errors import (
    ArgumentError,
    ArgumentTypeError,
    CancelledError,
    DivergingError,
    DocumentError,
    FileError,
    FormatSyntaxError,
    HandleError,
    HumanSecurityError,
    InternalError,
    LimitError,
    NotFoundError,
    OutOfMemoryError,
    SensitivityError,
    UndefinedError,
    UnsupportedError,
)
from human_security.files import load, read_network, schema, template
from human_security.models import (
    AlternatingRenewal,
    DebtRank,
    DynamicInoperability,
    FuzzyCognitiveMap,
    IndependentCascade,
    Linear,
    LinearThreshold,
    NoisyOr,
    Watts,
)
from human_security.network import DominoNetwork
from human_security.places import (
    CompositeIndex,
    area_phase,
    composite_index,
    intersectoral_severity,
    people_in_need,
    years_of_individual_security,
)
from human_security.ratings import agreement, compare_ratings, consensus, inequality, krippendorff_alpha, reliability
from human_security.result import Result
from human_security.scheme import Deprivation, DeprivationScheme
from human_security.scoring import (
    Score,
    SurveyMean,
    robustness,
    score,
    score_change,
    survey_mean,
)
from human_security.table import Table
from human_security.voices import compare_maps, expert_root_causes, pool_linkages

__all__ = [
    "AlternatingRenewal",
    "ArgumentError",
    "ArgumentTypeError",
    "Assessment",
    "CancelledError",
    "CompositeIndex",
    "DebtRank",
    "Deprivation",
    "DeprivationScheme",
    "DivergingError",
    "DocumentError",
    "DominoNetwork",
    "DynamicInoperability",
    "FileError",
    "FormatSyntaxError",
    "FuzzyCognitiveMap",
    "HandleError",
    "HumanSecurityError",
    "IndependentCascade",
    "InternalError",
    "LimitError",
    "Linear",
    "LinearThreshold",
    "NoisyOr",
    "NotFoundError",
    "OutOfMemoryError",
    "Result",
    "Score",
    "ScoreAccumulator",
    "SensitivityError",
    "SurveyMean",
    "Table",
    "UndefinedError",
    "UnsupportedError",
    "Watts",
    "__version__",
    "agreement",
    "area_phase",
    "compare_maps",
    "compare_ratings",
    "composite_index",
    "consensus",
    "dask",
    "examples",
    "expert_root_causes",
    "framework",
    "inequality",
    "intersectoral_severity",
    "krippendorff_alpha",
    "load",
    "people_in_need",
    "pool_linkages",
    "read_network",
    "reliability",
    "robustness",
    "schema",
    "score",
    "score_change",
    "sobol",
    "survey_mean",
    "template",
    "years_of_individual_security",
]
