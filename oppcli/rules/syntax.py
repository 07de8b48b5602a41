"""What a condition says, as a tree: the grammar, by the standard `ast` over words that were cut and checked before."""

import ast
from functools import lru_cache
from typing import Any

from oppcli.model.conditions import EMPTINESS, IS_EMPTY, NOT_EMPTY, Bare, Comparison, Group, Node
from oppcli.model.said import say
from oppcli.words.conditions import EMPTY, Literal, Words, cut

CONTAINS = "~"
"""Contains the text, whatever its case and width: in reads only."""
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
    IS_EMPTY: NOT_EMPTY,
    NOT_EMPTY: IS_EMPTY,
    "~": "!~",
    "!~": "~",
}
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: IS_EMPTY,
    ast.IsNot: NOT_EMPTY,
}


def without_not(node: Node, *, negated: bool = False) -> Node:
    """The same condition without `not`: `not (a > 5 or b)` is `a <= 5 and not b`."""
    if isinstance(node, Comparison):
        return node._replace(op=_OPPOSITE[node.op]) if negated else node
    if node.op == "not":
        return without_not(node.parts[0], negated=not negated)
    op = node.op if not negated else {"and": "or", "or": "and"}[node.op]
    return Group(op, tuple(without_not(part, negated=negated) for part in node.parts))


@lru_cache(maxsize=512)
def syntax(text: str, names: tuple[str, ...] = ()) -> Node:
    """The tree of a text. `names` are what fields are called here besides plain words: `Close date` is one with or
    without quotes. Raises `Unreadable` with the column of the first thing that cannot be understood."""
    words = cut(text, names)
    try:
        body = ast.parse(words.code, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise words.stuck(error) from None
    return _node(body, words)


def _node(node: ast.expr, words: Words) -> Node:
    if isinstance(node, ast.BoolOp):
        return Group("and" if isinstance(node.op, ast.And) else "or", tuple(_node(part, words) for part in node.values))
    if isinstance(node, ast.UnaryOp):
        return Group("not", (_node(node.operand, words),))
    if isinstance(node, ast.Compare):
        return _comparison(node, words)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return _contains(node, words)
    found = words.meaning(node)
    if isinstance(node, ast.Name) and isinstance(found, str):
        return Comparison(found, "==", True, words.column(node), bare=True)
    if isinstance(found, Literal) and words.is_name(found):
        return Comparison(str(found.value), "==", True, words.column(node), bare=True)
    if isinstance(node, ast.Tuple):
        raise words.refuse(node.elts[-1], say("several values stand in brackets: stage in [Quote, Solution]"))
    raise words.refuse(node, say("a condition compares a field with a value, or is the word always"))


def _contains(node: ast.BinOp, words: Words) -> Comparison:
    field, text = _field(words.meaning(node.left)), words.value(node.right)
    if field is None or text is None or not isinstance(text.value, str):
        raise words.refuse(node.right, say("write: {field} ~ 'part of the text'", field=_named(field)))
    return Comparison(field, CONTAINS, text.value, words.column(node.left))


def _field(found: Any) -> str | None:
    """The field that is named left of an operator, in quotes too; None for anything else."""
    named = found.value if isinstance(found, Literal) else found
    return named if isinstance(named, str) else None


def _named(found: Any) -> str:
    return _field(found) or say("field")


def _comparison(node: ast.Compare, words: Words) -> Node:
    """`a < 5`, and the chain `5 <= a < 9` as two comparisons."""
    operands = [node.left, *node.comparators]
    found = [_test(left, op, right, words) for left, op, right in zip(operands, node.ops, operands[1:], strict=False)]
    return found[0] if len(found) == 1 else Group("and", tuple(found))


def _test(left: ast.expr, op: ast.cmpop, right: ast.expr, words: Words) -> Comparison:
    operator = _OPERATORS[type(op)]
    a, b = words.meaning(left), words.meaning(right)
    named, column = _field(a), words.column(left)
    if operator in EMPTINESS:
        if named is None or b != EMPTY:
            meant = say(
                "is only asks for emptiness: write {field} {operator}, or compare with = and !=",
                field=_named(a),
                operator=operator,
            )
            raise words.refuse(right, meant)
        return Comparison(named, operator, None, column)
    if isinstance(op, (ast.In, ast.NotIn)):
        if named is None or not isinstance(b, tuple) or isinstance(b, Literal):
            raise words.refuse(right, say("write: {field} {operator} ['A', 'B']", field=_named(a), operator=operator))
        return Comparison(named, operator, tuple(literal.value for literal in b), column)
    return _compared(left, operator, right, words)


def _compared(left: ast.expr, operator: str, right: ast.expr, words: Words) -> Comparison:
    """A field and a value, in either order; in quotes a field is one where the other side is none."""
    a, b = words.meaning(left), words.meaning(right)
    here, there = _field(a), _field(b)
    if isinstance(a, Literal) and isinstance(b, str) and (not words.is_name(a) or b in words.names):
        return Comparison(b, FLIPPED[operator], a.value, words.column(right))
    if here is not None and isinstance(b, Literal) and (isinstance(a, str) or words.is_name(a) or not words.is_name(b)):
        return Comparison(here, operator, b.value, words.column(left))
    if here is not None and isinstance(b, str):
        return Comparison(here, operator, Bare(b), words.column(left))
    if isinstance(a, Literal) and there is not None:
        return Comparison(there, FLIPPED[operator], a.value, words.column(right))
    raise words.refuse(
        left if isinstance(left, ast.Call) else right,
        say("compare a field with a number, a text in quotes, true or false"),
    )
