// SPDX-License-Identifier: Apache-2.0
#include "support/explore.hpp"

#include <xxhash.h>

#include <sstream>

namespace storemark::sim {
namespace {

std::string named(const std::vector<Op>& ops) {
  std::string out = "open";
  for (const Op op : ops) out += " " + std::string(to_string(op));
  return out;
}

/// Calls that the open and all ops but the last make; then the number with the last.
struct Span {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

Span calls_of_last(const Branch& start, const std::vector<Op>& ops) {
  Scene scene = start.scene;
  scene.disk.reset_calls();
  Span span;
  Rig rig(scene);
  if (rig.open()) {
    for (std::size_t i = 0; i < ops.size(); ++i) {
      span.from = scene.disk.calls();
      if (!rig.run(ops[i])) break;
    }
  }
  span.to = scene.disk.calls();
  return span;
}

/// Each fate of the blocks in flight: three for each block.
void each_image(const Branch& cut, const std::function<void(Branch)>& then) {
  const auto in_flight = cut.scene.disk.in_flight();
  const std::size_t names = cut.scene.disk.pending_names();
  // Zeros over zeros and the like cannot be told apart; a file that nobody can name does not
  // matter.
  std::vector<std::uint64_t> blocks;
  for (const auto& write : in_flight) {
    if (*write.before != *write.after) blocks.push_back(write.block);
  }
  const bool too_many = blocks.size() > 4;  // only while a file is made, before it has its name
  const std::size_t images = too_many ? 3 : [&] {
    std::size_t n = 1;
    for (std::size_t i = 0; i < blocks.size(); ++i) n *= 3;
    return n;
  }();
  for (std::size_t kept = 0; kept <= names; ++kept) {
    for (std::size_t image = 0; image < images; ++image) {
      const auto choose = [&](std::uint64_t block, std::size_t sector) {
        std::size_t digits = image;
        if (!too_many) {
          for (const std::uint64_t other : blocks) {
            if (other == block) break;
            digits /= 3;
          }
        }
        if (digits % 3 == 2) return sector == 0 ? Fate::kept : Fate::dropped;
        return digits % 3 == 1 ? Fate::kept : Fate::dropped;
      };
      Branch out = cut;
      out.scene.disk.power_cut(choose, kept);
      out.story += ", power cut, image " + std::to_string(image);
      then(std::move(out));
    }
  }
}

}  // namespace

Branch play(const Branch& start, const std::vector<Op>& ops,
            const std::function<void(const Branch&, const Rig&)>& found) {
  Branch out = start;
  out.story += " | " + named(ops);
  {
    Rig rig(out.scene);
    bool well = rig.open();
    for (const Op op : ops) well = well && rig.run(op);
    if (!well && rig.error()) out.story += " (failed: " + to_string(*rig.error()) + ")";
    if (!rig.violations().empty()) found(out, rig);
  }
  out.scene.disk.kill_process();
  return out;
}

void cut_everywhere(const Branch& start, const std::vector<Op>& ops,
                    const std::function<void(Branch)>& then,
                    const std::function<void(const Branch&, const Rig&)>& found) {
  const Span span = calls_of_last(start, ops);
  for (std::uint64_t call = span.from; call < span.to; ++call) {
    for (const When when : {When::before, When::inside, When::after}) {
      Branch cut = start;
      cut.scene.disk.reset_calls();
      cut.scene.disk.fault_at(call, {.kind = CallFault::Kind::crash, .when = when});
      cut.story += " | " + named(ops) + ", cut at call " + std::to_string(call) +
                   (when == When::before   ? " before"
                    : when == When::inside ? " inside"
                                           : " after");
      {
        Rig rig(cut.scene);
        bool well = rig.open();
        for (const Op op : ops) well = well && rig.run(op);
        if (!rig.violations().empty()) found(cut, rig);
      }
      if (!cut.scene.disk.dead()) continue;  // a call that has no such place
      Branch killed = cut;
      killed.scene.disk.kill_process();
      killed.story += ", killed";
      then(std::move(killed));
      each_image(cut, then);
    }
  }
}

std::string fingerprint(const Scene& scene) {
  std::ostringstream out;
  const Oracle& o = scene.oracle;
  out << o.held << ' ' << o.acked_floor << ' ' << o.reported_floor << ' ' << o.clean_possible
      << o.clean_required << o.updating_possible << o.updating_required << o.initial_fixed
      << o.created_acked << ' ' << static_cast<int>(scene.telling) << ' '
      << scene.disk.pending_names() << ' ';
  if (!scene.disk.has_journal()) return out.str() + "none";
  for (const auto& write : scene.disk.in_flight()) out << 'p' << write.block << ' ';
  for (std::size_t place = 0; place < layout::place_count; ++place) {
    const std::uint64_t offset =
        place < slot_count ? layout::slot_offset(place) : layout::anchor_offset(place - slot_count);
    const Block visible = scene.disk.visible_block(offset / block_bytes);
    out << XXH3_64bits(visible.data(), visible.size()) << ' ';
  }
  return out.str();
}

}  // namespace storemark::sim
