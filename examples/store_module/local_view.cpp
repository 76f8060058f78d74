// SPDX-License-Identifier: Apache-2.0
#include "local_view.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "must.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace store_module {
namespace {

using storemark::Member;
using storemark::Record;

/// As much of a name as a record has room for, never half a character.
std::string label_of(const std::string& name) {
  std::size_t size = std::min(name.size(), storemark::max_label_bytes);
  while (size > 0 && size < name.size() &&
         (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80) {
    --size;
  }
  return name.substr(0, size);
}

Member neighbour(const std::filesystem::path& directory) {
  const auto examination = must(storemark::examine(directory));
  const auto& record = examination.verdict.record;
  if (!record) {
    throw std::runtime_error("no member id: there is no readable journal in " + directory.string());
  }
  return {record->member, label_of(name_of(directory)), record->floor};
}

storemark::ViewId derive_id(const Record& record, const std::vector<Member>& members) {
  std::string text;
  const auto add = [&](const storemark::Uuid& id) {
    text.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  };
  add(record.initial);
  add(record.history.empty() ? storemark::ViewId{} : record.history.back().view);
  for (const Member& member : members) add(member.id);
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(text.data(), text.size()));
  storemark::ViewId id;
  std::memcpy(id.bytes.data(), canonical.digest, id.bytes.size());
  return id;
}

}  // namespace

std::string name_of(const std::filesystem::path& directory) {
  return std::filesystem::canonical(directory).filename().string();
}

storemark::View local_view(const storemark::Journal& journal,
                           const std::filesystem::path& directory,
                           const std::vector<std::string>& names) {
  const Record record = journal.record();
  const std::string own = name_of(directory);
  storemark::View view;
  view.members.push_back({record.member, label_of(own), record.floor});
  for (const std::string& name : names) {
    if (name == own) continue;
    view.members.push_back(neighbour(std::filesystem::canonical(directory).parent_path() / name));
  }
  if (!names.empty() && std::ranges::find(names, own) == names.end()) {
    throw std::runtime_error("the view does not have this store, " + own);
  }
  std::ranges::sort(view.members, {}, &Member::id);
  view.id = derive_id(record, view.members);
  return view;
}

}  // namespace store_module
