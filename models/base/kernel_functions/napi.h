// The functions of NAPI, GRO and the way to IP: napi.def.
#pragma once

#include "models/base/kernel_function.h"

#define RXPATH_LAYER napi
#define RXPATH_LAYER_FILE "models/base/kernel_functions/napi.def"
#include "models/base/kernel_functions/declare_layer.inc"
