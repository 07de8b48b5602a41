"""Several pipelines: which there are, and where a deal begins in one that is named."""

from collections.abc import Sequence

from oppcli.errors import NotFound
from oppcli.model.policy import Policy, StageRule
from oppcli.model.said import listed, say


def first(name: str, policy: Policy) -> StageRule:
    """The first stage of the pipeline called so, exactly or by a unique beginning. Refused (3) where there is none."""
    wanted = named(name, [stage.pipeline for stage in policy.stages])
    return next(stage for stage in policy.stages if stage.pipeline == wanted)


def named(name: str, pipelines: Sequence[str | None]) -> str:
    """The pipeline called so, of one name for each stage. Refused (3) with those there are."""
    from oppcli.words.named import begun
    from oppcli.words.spelling import nearest

    known = list(dict.fromkeys(filter(None, pipelines)))
    found = begun(name, known)
    if found is None:
        raise NotFound(
            say("no such pipeline: {name}{nearest}", name=name, nearest=nearest(name, known)),
            hint=say("the pipelines are {names}", names=listed(known)) if known else say("there is one pipeline"),
        )
    return found
