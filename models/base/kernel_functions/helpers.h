// The functions of all layers: locks, RCU, copies: helpers.def.
#pragma once

#include "models/base/kernel_function.h"

#define RXPATH_LAYER helpers
#define RXPATH_LAYER_FILE "models/base/kernel_functions/helpers.def"
#include "models/base/kernel_functions/declare_layer.inc"
