// The functions of routing: routing.def.
#pragma once

#include "models/base/kernel_function.h"

#define RXPATH_LAYER routing
#define RXPATH_LAYER_FILE "models/base/kernel_functions/routing.def"
#include "models/base/kernel_functions/declare_layer.inc"
