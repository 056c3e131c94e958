#!/usr/bin/env python3
"""That each rule of the layers can be broken, and is then noticed."""
import unittest

from check_layers import LAYERS, complaint, layer_of


class Layers(unittest.TestCase):
    def allowed(self, name, included):
        self.assertIsNone(complaint(name, included))

    def refused(self, name, included):
        self.assertIsNotNone(complaint(name, included))

    def test_ModelsNeverIncludeSim(self):
        self.refused("models/machine/host.cpp", "sim/scenario/scenario.h")
        self.allowed("sim/result/simulation.cpp", "models/machine/host.h")

    def test_LowerLayerNeverIncludesAHigherOne(self):
        self.refused("models/routing/flow.h", "models/socket/sock.h")
        self.allowed("models/socket/sock.h", "models/routing/flow.h")

    def test_SemanticsKnowNeitherSystemCNorModules(self):
        self.refused("models/napi/gro.cpp", "systemc")
        self.refused("models/napi/gro.cpp", "models/napi/napi_module.h")
        self.refused("models/napi/gro.cpp", "models/softirq/softirq_run.h")
        self.allowed("models/napi/napi_module.h", "systemc")

    def test_SimNeverIncludesSystemC(self):
        self.refused("sim/replay/case_player.cpp", "systemc")

    def test_StageNeverIncludesAnotherStagesModule(self):
        self.refused("models/ip/ip_receive_module.h", "models/socket/socket_layer_module.h")
        self.allowed("models/napi/napi_module.h", "models/nic/rx_ring_channel.h")

    def test_OnlyTheMachineIncludesTheMachine(self):
        self.refused("models/application/application_module.h", "models/machine/host_module.h")

    def test_LayersOfSimHold(self):
        self.refused("sim/support/table.h", "sim/parameter/parameters.h")
        self.refused("sim/scenario/scenario.cpp", "sim/report/report.h")
        self.allowed("sim/command/command_run.cpp", "sim/report/report.h")

    def test_NobodyIncludesTestsOrTools(self):
        self.refused("sim/command/command_run.cpp", "tests/support/random_scenario.h")

    def test_FolderThatIsNoLayerIsNoticed(self):
        self.assertIsNone(layer_of("models/misc/helper.h"))
        self.assertIsNone(layer_of("sim/utils/helper.cpp"))

    def test_EveryLayerIsThere(self):
        self.assertEqual(len(LAYERS), len(set(LAYERS)))


if __name__ == "__main__":
    unittest.main()
