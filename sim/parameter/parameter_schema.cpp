// A JSON Schema of scenario files (JSON Schema 2020-12), for editors that check TOML by it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/parameter/parameter_text.h"
#include "sim/parameter/parameters.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

using json = nlohmann::ordered_json;

json schema_of(const parameter& entry) {
    json schema{{"description", std::string(entry.help)}};
    std::vector<std::string_view> units;
    for (const auto& unit : units_of(entry.kind)) units.push_back(unit.name);
    if (!units.empty()) {
        schema["type"] = "string";
        schema["pattern"] = fmt::format("^[0-9][0-9_.]*({})$", fmt::join(units, "|"));
    } else if (entry.kind == value_kind::boolean) {
        schema["type"] = "boolean";
    } else if (entry.kind == value_kind::text) {
        schema["type"] = "string";
        if (!entry.choices.empty()) schema["enum"] = split(entry.choices, '|');
    } else {
        const bool whole = entry.kind == value_kind::integer;
        const auto bound = [whole](double n) { return whole ? json(static_cast<std::int64_t>(n)) : json(n); };
        schema["type"] = whole ? "integer" : "number";
        schema["minimum"] = bound(entry.range.low);
        schema["maximum"] = bound(entry.range.high);
    }
    return schema;
}

json object_of(json properties) {
    return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

json array_of(json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

// A key with a dot is a key of a table: inner.key.
void add_key(json& properties, std::string_view key, json schema) {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos) {
        properties[std::string(key)] = std::move(schema);
        return;
    }
    auto& inner = properties[std::string(key.substr(0, dot))];
    if (inner.is_null()) inner = object_of(json::object());
    add_key(inner["properties"], key.substr(dot + 1), std::move(schema));
}

// The parameters `section`.*, and `others`, the keys of the section that are not in the table.
json section(std::string_view name, json others = json::object()) {
    for (const auto& entry : parameters()) {
        const auto dot = entry.name.find('.');
        if (entry.name.substr(0, dot) == name) add_key(others, entry.name.substr(dot + 1), schema_of(entry));
    }
    return object_of(std::move(others));
}

const json text{{"type", "string"}};
const json flag{{"type", "boolean"}};
const json address_and_port{{"type", "string"}, {"pattern", "^[0-9.]+:[0-9]+$"}};
const json ends = object_of({{"from", address_and_port}, {"to", address_and_port}});

json flow_section() {
    auto scan = ends;
    scan["properties"]["ports"] = {{"type", "integer"}, {"minimum", 1}, {"maximum", 65535}};
    return section("flow", {{"tcp", ends},
                            {"udp", ends},
                            {"raw_tcp", ends},
                            {"syn_scan", scan},
                            {"device", text},
                            {"devices", array_of(text)},
                            {"expect_closed", flag}});
}

}  // namespace

json parameters_json_schema() {
    json sections;
    sections["run"] = section("run");
    sections["host"] = section("host", {{"cores", {{"const", 1}}}, {"setup", array_of(text)}});
    sections["cpu"] = section("cpu");
    sections["nic"] = {{"type", "object"}, {"additionalProperties", section("nic")}};
    sections["wire"] = section("wire");
    sections["napi"] = section("napi");
    sections["routing"] = section("routing");
    sections["application"] = section("application");
    sections["listen"] = array_of(object_of(
        {{"tcp", address_and_port}, {"udp", address_and_port}, {"peer", address_and_port}, {"device", text}}));
    sections["flow"] = array_of(flow_section());
    sections["replay"] = array_of(object_of({{"pcap", text}, {"local", text}, {"device", text}}));
    sections["at"] = array_of(object_of({{"time", text}, {"do", text}}));
    sections["compare"] = {{"type", "object"}, {"additionalProperties", {{"type", "array"}}}};
    sections["expect"] = {{"type", "object"}, {"additionalProperties", {{"type", {"string", "number"}}}}};
    auto schema = object_of(std::move(sections));
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = "rxpath scenario";
    return schema;
}

}  // namespace rxpath
