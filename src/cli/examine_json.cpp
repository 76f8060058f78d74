// SPDX-License-Identifier: Apache-2.0
#include "cli/examine_json.hpp"

#include "cli/advice.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

Json names_json(const Survey& survey, const std::vector<StoreIndex>& stores) {
  Json out = Json::array();
  for (const StoreIndex i : stores) out.push_back(survey.stores[i].name);
  return out;
}

Json ranked_json(const Survey& survey, const Ranked& ranked) {
  return {{"rank", ranked.rank},
          {"store", survey.stores[ranked.store].name},
          {"proven", ranked.unproven.empty()},
          {"why_unproven", ranked.unproven}};
}

Json clusters_json(const Survey& survey) {
  Json out = Json::array();
  for (const Cluster& cluster : survey.clusters) {
    Json entry = Json::object();
    entry["initial"] = id_to_json(cluster.initial);
    entry["latest"] = names_json(survey, latest(cluster));
    entry["latest_proven"] = !cluster.ranked.empty() && cluster.ranked.front().unproven.empty();
    entry["ranking"] = Json::array();
    for (const Ranked& ranked : cluster.ranked) {
      entry["ranking"].push_back(ranked_json(survey, ranked));
    }
    entry["not_ranked"] = names_json(survey, cluster.not_ranked);
    out.push_back(std::move(entry));
  }
  return out;
}

Json conflicts_json(const Survey& survey) {
  Json out = Json::array();
  for (const Conflict& conflict : survey.conflicts) {
    out.push_back({{"stores", names_json(survey, conflict.stores)}, {"why", conflict.why}});
  }
  return out;
}

std::vector<Advice> all_advice(const Survey& survey) {
  std::vector<Advice> out;
  const auto add = [&out](const std::vector<Advice>& more) {
    out.insert(out.end(), more.begin(), more.end());
  };
  for (const Cluster& cluster : survey.clusters) add(advise(survey, cluster));
  for (StoreIndex i = 0; i < survey.stores.size(); ++i) add(advise(survey, i));
  return out;
}

}  // namespace

Json survey_json(const Survey& survey) {
  Json out = Json::object();
  out["schema"] = examine_schema;
  out["time"] = rfc3339_now();
  out["exit"] = static_cast<int>(survey.status);
  out["stores"] = Json::array();
  for (const Store& store : survey.stores) out["stores"].push_back(to_json(store));
  out["clusters"] = clusters_json(survey);
  out["conflicts"] = conflicts_json(survey);
  out["advice"] = Json::array();
  out["next"] = Json::array();
  for (const Advice& one : all_advice(survey)) {
    out["advice"].push_back(one.text);
    if (!one.argv.empty()) out["next"].push_back(one.argv);
  }
  return out;
}

}  // namespace storemark::cli
