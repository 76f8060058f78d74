#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The scripts beside the benchmarks, on what tiny runs wrote. usage: scripts_test.py JSON_DIR"""
import contextlib
import copy
import io
import pathlib
import sys
import tempfile
import unittest

import check
import page
import plot
import run
import targets

JSON = pathlib.Path(sys.argv.pop(1))


class Scripts(unittest.TestCase):
    def setUp(self):
        self.results = targets.load(JSON)
        # A tiny run has so wide a spread that nothing would be worse than it.
        for subject in self.results.values():
            for table in subject["tables"]:
                for row in table["rows"]:
                    self.narrow(row["numbers"])
        # Its traffic is the cluster's, beside libcpg.
        self.results["ring"] = copy.deepcopy(self.results["cluster"])
        for table in self.results["ring"]["tables"]:
            for row in table["rows"]:
                row["name"] = {"local group": "Corosync group"}.get(row["name"], row["name"])

    @staticmethod
    def narrow(numbers):
        for key, value in numbers.items():
            for part, factor in (("_p10", 0.9), ("_p90", 1.1), ("_error", 0.01)):
                if f"{key}{part}" in numbers and value is not None:
                    numbers[f"{key}{part}"] = value * factor
            if key == "twin":
                numbers[key] = 1.0

    def test_every_subject_has_its_json(self):
        # The ring's has a test of its own, where there can be one.
        self.assertEqual(sorted({*run.SUBJECTS} - {"ring"}), sorted({*self.results} - {"ring"}))

    def test_every_target_finds_what_it_is_about(self):
        # A tiny run has two numbers of threads; all else is there.
        unmeasured = [target.what for target in targets.all_targets(self.results) if target.value == "-"]
        self.assertEqual([], [what for what in unmeasured if "writers" not in what])

    def test_noise_is_not_taken_for_an_answer(self):
        twin = targets.find(self.results, "sequence", targets.OURS + " (twin)", targets.RAW_TABLE)
        for difference, is_answer in ((0.5, False), (0.0, True)):
            for table in targets.tables(self.results, "sequence"):
                for row in table["rows"]:
                    if "twin" in row["numbers"]:
                        row["numbers"]["twin"] = 1
            twin["twin"] = 1 + difference
            self.assertEqual(is_answer, targets.undistinguished(self.results).met is not None)

    def test_targets_are_shown(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            targets.show(self.results, markdown=True)
        self.assertEqual(len(targets.all_targets(self.results)) + 2, len(out.getvalue().splitlines()))

    def test_a_run_is_not_worse_than_itself(self):
        found, compared = check.findings(self.results, self.results)
        self.assertEqual([], found)
        self.assertGreater(compared, 50)

    def worsened(self, subject, row, key, factor):
        now = copy.deepcopy(self.results)
        targets.find(now, subject, row)[key] *= factor
        return check.findings(self.results, now)[0]

    def test_what_became_worse_is_named(self):
        for subject, row, key, factor in (("sequence", "LMDB", "ours", 100), ("updates", targets.OURS, "flushes", 2),
                                          ("writers", "LevelDB x 4", "ours", 0.01)):
            found = self.worsened(subject, row, key, factor)
            self.assertEqual(1, len(found), found)
            self.assertIn(row, found[0])

    def test_what_is_within_its_error_is_not(self):
        for factor, worse in ((1.03, 0), (1.06, 1)):
            self.assertEqual(worse, len(self.worsened("sequence", "LMDB", "ours", factor)), factor)

    def test_nor_what_twins_differ_by(self):
        targets.find(self.results, "sequence", targets.OURS + " (twin)", targets.RAW_TABLE)["twin"] = 1.2
        self.assertEqual([], self.worsened("sequence", "LMDB", "ours", 1.15))

    def test_what_became_better_is_not(self):
        self.assertEqual([], self.worsened("sequence", "LMDB", "ours", 0.01))

    def test_the_same_json_gives_the_same_pictures(self):
        drawn = []
        for _ in range(2):
            with tempfile.TemporaryDirectory() as out, contextlib.redirect_stdout(io.StringIO()):
                plot.draw(JSON, pathlib.Path(out))
                drawn.append({path.name: path.read_bytes() for path in pathlib.Path(out).iterdir()})
        self.assertEqual(len(plot.PICTURES), len(drawn[0]))
        self.assertEqual(drawn[0], drawn[1])
        self.assertLess(max(len(svg) for svg in drawn[0].values()), 60_000)

    def test_the_targets_are_those_of_what_was_measured(self):
        only = targets.all_targets({"ring": self.results["ring"]})
        self.assertEqual(6, len(only))
        self.assertTrue(all("libcpg" in target.what for target in only))

    def test_tables_of_a_subject_stand_in_one(self):
        lines = page.rows(self.results, "cluster", "0-1", "median_ns").splitlines()
        self.assertEqual(2 + 4, len(lines))
        self.assertIn("round trip, 64 B: local group", lines[3])

    def test_the_page_shows_the_committed_results(self):
        text = page.PAGE.read_text(encoding="utf-8")
        self.assertEqual(text, page.TABLE.sub(lambda found: found[1] + page.filled(found[2]) + found[3], text),
                         "python3 bench/page.py makes it anew")


if __name__ == "__main__":
    unittest.main()
