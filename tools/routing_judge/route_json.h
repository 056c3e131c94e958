// Routes as `ip -json route` prints them, so that the model's answer and the kernel's compare as they stand.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "models/command/route_get.h"

namespace rxpath {

// The route that the packet of `question` takes: `ip route get`.
nlohmann::json taken_route_json(const route_question& question, const route_answer& answer);
// The route in the table that answered for it: `ip route get fibmatch`. result.fi must be there.
nlohmann::json matched_route_json(const route_answer& answer, const ipv4_devconf& all);

}  // namespace rxpath
