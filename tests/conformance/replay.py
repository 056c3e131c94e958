"""Recorded kernel cases and the model's predictions for them, side by side."""
import json
import pathlib
import subprocess

import check

DATA = pathlib.Path(__file__).resolve().parent / "data"


def cases(names=()):
    """The files of the named cases; of all when none is named."""
    return [DATA / f"{name}.json" for name in names] or sorted(DATA.glob("*.json"))


def predict(program, case, folder):
    """Lets the model replay a case without the kernel's own answer in sight; the prediction's file."""
    recorded = json.loads(case.read_text())
    recorded.pop("trees", None)
    for step in recorded["steps"]:
        step.pop("kernel", None)
    question, answer = folder / case.name, folder / f"{case.stem}.predicted.json"
    question.write_text(json.dumps(recorded))
    subprocess.run([program, "replay", question, "--json", answer], check=True)
    return answer


def packets(case, prediction):
    """(kernel's instructions, model's) by function, of each packet that compares."""
    recorded = json.loads(case.read_text())
    predicted = {packet["packet"]: packet for packet in json.loads(prediction.read_text())["packets"]}
    for step in recorded["steps"]:
        if "packet" in step and not step["kernel"]["interrupted"]:
            kernel = recorded["trees"][step["kernel"]["tree"]]
            yield check.self_instructions(kernel), check.self_instructions(predicted[step["packet"]]["calls"])
