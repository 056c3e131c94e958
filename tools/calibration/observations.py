"""What the kernel's calls cost against the steps that the model took in the same calls."""
import collections

# A call as the model made it and the kernel ran it. `steps`: {step: times}; `cost`: instructions, loads, stores; `shipped`: the cost
# in the shipped recording of the same packet, None when that called otherwise.
Observation = collections.namedtuple("Observation", "steps cost case shipped")
# How much more a call that is charged with what lies below it costs in this kernel than in the shipped recording, which is `shipped`.
Difference = collections.namedtuple("Difference", "steps cost case shipped")


def below(rows):
    """{function: functions that it calls, directly or not}."""
    found, path = collections.defaultdict(set), []
    for depth, function, *_ in rows:
        del path[depth:]
        for caller in path:
            found[caller].add(function)
        path.append(function)
    return found


def charged(kernel_rows, model_rows, kinds):
    """{function: costs of its calls, in order}, charged as the model does: a function of the receive path for its own instructions, a
    helper or a closed one also for all below that the model does not call there itself."""
    called, below_model = {row[1] for row in model_rows}, below(model_rows)
    costs, path = collections.defaultdict(list), []  # path: (depth, function charged, its cost)
    for depth, function, *cost in kernel_rows:
        while path and path[-1][0] >= depth:
            path.pop()
        owner, sum_ = path[-1][1:] if path else (None, None)
        whole = owner is not None and kinds[owner] != "FUNCTION"
        if whole and function not in below_model[owner]:
            sum_[:] = [a + b for a, b in zip(sum_, cost)]
        elif function in called:
            owner, sum_ = function, list(cost)
            costs[function].append(sum_)
        else:
            owner = sum_ = None
        path.append((depth, owner, sum_))
    return costs


def steps_by_function(rows):
    found = collections.defaultdict(list)
    for row in rows:
        steps = collections.Counter()
        for step, times in row[5]:
            steps[step] += times
        found[row[1]].append(dict(steps))
    return found


class Collection:
    """Observations of many packets. A function whose calls the model and the kernel do not count alike in a packet gives none there;
    a call that differs from one recording of a packet to the next gives none either."""

    def __init__(self, kinds):
        self.kinds = kinds
        self.observed = collections.defaultdict(list)
        self.differences = collections.defaultdict(list)
        self.unpaired = collections.Counter()
        self.calls = self.differing_calls = 0
        self.differing_packets = []  # (case, packet, function) whose number of calls differs between the recordings

    def add(self, case, packet, model_rows, recordings, shipped_rows):
        """`recordings`: the kernel's rows for this packet in each recording; `shipped_rows`: in the shipped one."""
        kernel = [charged(rows, model_rows, self.kinds) for rows in recordings]
        shipped = charged(shipped_rows, model_rows, self.kinds)
        for function, taken in steps_by_function(model_rows).items():
            costs = [recording.get(function, []) for recording in kernel]
            if self.kinds[function] != "FUNCTION":
                self.add_differences(function, case, taken, costs, shipped.get(function, []))
            elif any(len(one) != len(costs[0]) for one in costs):
                self.differing_packets.append((case, packet, function))
            elif len(costs[0]) != len(taken):
                self.unpaired[function] += 1
            else:
                self.add_calls(function, case, taken, costs, shipped.get(function, []))

    def add_calls(self, function, case, taken, costs, shipped):
        before = [tuple(cost) for cost in shipped] if len(shipped) == len(taken) else [None] * len(taken)
        for steps, old, *ran in zip(taken, before, *(map(tuple, one) for one in costs)):
            self.calls += 1
            if len(set(ran)) == 1:
                self.observed[function].append(Observation(steps, ran[0], case, old))
            else:
                self.differing_calls += 1

    def add_differences(self, function, case, taken, costs, shipped):
        for one in costs:
            if len(one) == len(shipped) == len(taken):
                self.differences[function] += [Difference(steps, tuple(a - b for a, b in zip(new, old)), case, old)
                                               for steps, new, old in zip(taken, one, shipped)]
