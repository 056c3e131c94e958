// The functions of IP and ICMP: ip.def.
#pragma once

#include "models/base/kernel_function.h"

#define RXPATH_LAYER ip
#define RXPATH_LAYER_FILE "models/base/kernel_functions/ip.def"
#include "models/base/kernel_functions/declare_layer.inc"
