#include "kinds/pack_schema.hpp"

#include "engine/pack.hpp"

namespace readyctl {
namespace {

// If a gate is of this kind, then its parameters are this kind's.
Json condition(const GateKind& kind) {
  const Json params = kind.schema(Placeholders::accepted);
  Json consequence = {{"properties", {{"params", params}}}};
  if (params.contains("required")) consequence["required"] = Json::array({"params"});
  return {{"if", {{"properties", {{"kind", {{"const", kind.about.name}}}}}, {"required", Json::array({"kind"})}}},
          {"then", consequence}};
}

}  // namespace

Json pack_schema(const std::vector<GateKind>& kinds) {
  Json names = Json::array();
  Json conditions = Json::array();
  for (const GateKind& kind : kinds) {
    names.push_back(kind.about.name);
    conditions.push_back(condition(kind));
  }
  Json schema = record_schema<Pack>(Placeholders::refused);
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "readyctl gate pack";
  schema["properties"]["apiVersion"] = {{"const", pack_api_version}};
  Json& gate = schema["properties"]["gates"]["items"];
  gate["properties"]["kind"] = {{"enum", names}, {"description", "one of the gate kinds"}};
  gate["allOf"] = conditions;
  return schema;
}

}  // namespace readyctl
