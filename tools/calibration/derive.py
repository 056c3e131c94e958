"""From observed calls to the rows of a profile.

A call costs its function's base and an amount for each step, times how often it was taken. The shipped profile is where the search
begins: where it explains what was observed it stays, and elsewhere the fewest rows change, by the smallest amounts. What the shipped
profile does not explain of the kernel that it was made from is no difference of another kernel.
"""
import collections
import fractions
import itertools
import math
import statistics

import profile

# So many combinations of one function's rows are tried; beyond, an elimination gives the answer.
MOST_COMBINATIONS = 3000
# So often must calls of the same steps be seen to show a change of several rows.
CONFIRMED = 5
# What a typical cost differs by from boot to boot: a timer's slot, a slab that has to grow.
VARYING = 0.05

Derived = collections.namedtuple("Derived", "rows state unexplained")  # state: equal, changed or not reached


def solve(columns, wanted):
    """Whole numbers x with columns * x = wanted; None where there are none. Columns that depend on those before get 0."""
    table = [[fractions.Fraction(value) for value in (*row, want)] for row, want in zip(zip(*columns), wanted)]
    pivots, width = [], len(columns)
    for column in range(width):
        at = len(pivots)
        pivot = next((row for row in range(at, len(table)) if table[row][column]), None)
        if pivot is None:
            continue
        table[at], table[pivot] = table[pivot], table[at]
        table[at] = [value / table[at][column] for value in table[at]]
        for row in range(len(table)):
            if row != at and table[row][column]:
                factor = table[row][column]
                table[row] = [value - factor * unit for value, unit in zip(table[row], table[at])]
        pivots.append(column)
    if any(row[width] for row in table[len(pivots):]) or any(row[width].denominator != 1 for row in table[:len(pivots)]):
        return None
    answer = [0] * width
    for row, column in enumerate(pivots):
        answer[column] = int(table[row][width])
    return answer


def smallest_change(vectors, residuals):
    """{row: amount} to add, so that every vector's residual is met; None when nothing does."""
    if not any(residuals):
        return {}
    reached = [row for row in range(len(vectors[0])) if any(vector[row] for vector in vectors)]
    columns = {row: [vector[row] for vector in vectors] for row in reached}
    for count in range(1, len(reached)):
        if math.comb(len(reached), count) > MOST_COMBINATIONS:
            break
        found = []
        for chosen in itertools.combinations(reached, count):
            amounts = solve([columns[row] for row in chosen], residuals)
            if amounts is not None and all(amounts):
                found.append((sum(map(abs, amounts)), dict(zip(chosen, amounts))))
        if found:
            return min(found, key=lambda one: one[0])[1]
    amounts = solve([columns[row] for row in reached], residuals)
    return amounts and {row: amount for row, amount in zip(reached, amounts) if amount}


def usual(vectors_and_values):
    """(vector, its most frequent value, how often), the most frequent first."""
    by_vector = collections.defaultdict(collections.Counter)
    for vector, value in vectors_and_values:
        by_vector[vector][value] += 1
    found = [(vector, *counts.most_common(1)[0]) for vector, counts in by_vector.items()]
    return sorted(found, key=lambda one: (-one[2], one[0]))


def change_of_metric(vectors_and_values, prior):
    """What to add to `prior`. An observation that contradicts more frequent ones is left out; so is a rare one
    that would change more than one further row: something happened in that call which is none of its steps."""
    vectors, residuals, change = [], [], {}
    for vector, value, times_seen in usual(vectors_and_values):
        residual = value - sum(times * cost for times, cost in zip(vector, prior))
        tried = change
        if residual != sum(vector[row] * amount for row, amount in change.items()):
            tried = smallest_change(vectors + [vector], residuals + [residual])
        if tried is not None and (times_seen >= CONFIRMED or len(tried) <= len(change) + 1):
            vectors, residuals, change = vectors + [vector], residuals + [residual], tried
    return change


def explains(cost_by_step, observation):
    total = list(cost_by_step[""])
    for step, times in observation.steps.items():
        total = [sum_ + times * cost for sum_, cost in zip(total, cost_by_step[step])]
    return tuple(total) == observation.cost


def first_cases(observations):
    """{step: the case that reached it first}; the base is the step without a name."""
    cases = {}
    for one in observations:
        for step in ("", *one.steps):
            cases.setdefault(step, one.case)
    return cases


def sourced(rows, costs, cases, prior_name):
    return [profile.Row(row.function, row.step, cost, f"measured: {cases[row.step]}" if row.step in cases
                        else f"assumed: as {prior_name}") for row, cost in zip(rows, costs)]


def vector_of(rows, steps):
    return tuple(steps.get(row.step, 0) if row.step else 1 for row in rows)


def value_of(one, metric, vector, prior):
    """What the rows should give for an observation."""
    explained = sum(times * cost for times, cost in zip(vector, prior))
    if one.shipped is None or one.cost[metric] == explained:
        return one.cost[metric]
    return explained + one.cost[metric] - one.shipped[metric]


def derive_function(rows, observations, prior_name):
    """The rows of a function of the receive path. `rows`: the shipped ones, the base first."""
    costs = [list(row.cost) for row in rows]
    for metric in range(len(profile.METRICS)):
        prior = [cost[metric] for cost in costs]
        vectors = [vector_of(rows, one.steps) for one in observations]
        seen = [(vector, value_of(one, metric, vector, prior)) for one, vector in zip(observations, vectors)]
        for row, amount in change_of_metric(seen, prior).items():
            costs[row][metric] += amount
    costs = [tuple(cost) for cost in costs]
    by_step = {row.step: cost for row, cost in zip(rows, costs)}
    return derived(rows, costs, observations, prior_name, sum(not explains(by_step, one) for one in observations))


def beyond_chance(differences):
    """Whether the instructions differ by more than they do from boot to boot."""
    added = [one.cost[0] for one in differences]
    usual_cost = statistics.median(one.shipped[0] for one in differences)
    return not min(added) <= 0 <= max(added) and abs(statistics.median(added)) > VARYING * usual_cost


def derive_whole(rows, differences, prior_name):
    """The rows of a helper or a closed function. What is charged is a typical cost with all that lies below; what differs from the
    shipped kernel, in the median, is added to its base, unless it is less than such costs vary from boot to boot."""
    costs = [row.cost for row in rows]
    if differences and beyond_chance(differences):
        added = [round(statistics.median(seen)) for seen in zip(*(one.cost for one in differences))]
        costs[0] = tuple(map(sum, zip(costs[0], added)))
    return derived(rows, costs, differences, prior_name, 0)


def derived(rows, costs, observations, prior_name, unexplained):
    state = "not reached" if not observations else "equal" if costs == [row.cost for row in rows] else "changed"
    return Derived(sourced(rows, costs, first_cases(observations), prior_name), state, unexplained)
