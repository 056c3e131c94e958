// The functions of early demux: early_demux.def.
#pragma once

#include "models/base/kernel_function.h"

#define RXPATH_LAYER early_demux
#define RXPATH_LAYER_FILE "models/base/kernel_functions/early_demux.def"
#include "models/base/kernel_functions/declare_layer.inc"
