// The functions of the socket layer: socket.def.
#pragma once

#include "models/base/kernel_function.h"

#define RXPATH_LAYER socket
#define RXPATH_LAYER_FILE "models/base/kernel_functions/socket.def"
#include "models/base/kernel_functions/declare_layer.inc"
