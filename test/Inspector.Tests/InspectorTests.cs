// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json.Nodes;

namespace MemoryServe;

/// <summary>The inspector page in a real browser: all scenarios run once, in order, and each is a test.</summary>
[TestClass]
public sealed class InspectorTests
{
    private static readonly Dictionary<string, string?> _failures = [];
    private static string? _missing;

    [ClassInitialize]
    public static async Task RunAsync(TestContext _)
    {
        _missing = await Chromium.FindProblemAsync(Tree.Tests);
        if (_missing is not null) return;
        PlantedMemory memory = PlantedMemory.Draw();
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(memory.Save);
        if ((await server.GetAsync("/inspector/")).Status == 404)
        {
            _missing = "The page must be built into the server. It is not: npm could not bundle it.";
            return;
        }

        string screenshots = Path.Combine(Tree.Root, "artifacts", "screenshots");
        Directory.CreateDirectory(screenshots);
        string plan = Path.Combine(server.Folder, "plan.json");
        ScenarioPlan.Write(plan, server.Client.BaseAddress!, screenshots, memory);
        Chromium.Ending ending = await Chromium.RunScenariosAsync(Tree.Tests, plan);
        foreach (string line in ending.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonNode outcome = JsonNode.Parse(line)!;
            _failures[(string)outcome["name"]!] = (string?)outcome["failure"];
        }

        if (ending.ExitCode != 0) Assert.Fail($"The scenarios stopped early. {ending.Error}");
    }

    [TestMethod]
    [DataRow("key_is_asked_for_and_refused_with_the_servers_sentence")]
    [DataRow("key_in_the_fragment_opens_and_leaves_the_address")]
    [DataRow("analysis_is_started_and_the_map_drawn")]
    [DataRow("map_switches_between_neighbours_and_plane")]
    [DataRow("map_is_zoomed_and_panned_by_keys_and_wheel")]
    [DataRow("map_is_zoomed_and_panned_by_two_fingers")]
    [DataRow("pointer_and_keys_pick_the_right_entry")]
    [DataRow("zoomed_map_picks_the_right_entry")]
    [DataRow("zoomed_in_map_shows_pictures")]
    [DataRow("legend_filters_the_map")]
    [DataRow("list_has_what_the_map_has")]
    [DataRow("dark_is_dark_and_can_be_chosen")]
    [DataRow("phone_has_no_sideways_scroll")]
    [DataRow("motion_is_left_out_only_where_it_is_not_wanted")]
    [DataRow("nothing_is_found_by_the_accessibility_check")]
    [DataRow("dropped_picture_is_predicted_with_the_shares_of_its_neighbours")]
    [DataRow("picture_on_light_ground_is_inverted")]
    [DataRow("pasted_and_chosen_pictures_are_predicted")]
    [DataRow("drawing_is_predicted")]
    [DataRow("suspects_begin_with_the_planted_ones_and_are_relabelled_undone_and_redone")]
    [DataRow("entry_is_removed_and_put_back_as_it_was")]
    [DataRow("suspect_is_kept_by_key")]
    [DataRow("twins_begin_with_the_planted_pairs")]
    [DataRow("class_is_added_by_pictures_predicted_and_undone")]
    [DataRow("class_with_the_name_of_markup_stays_text")]
    [DataRow("charts_show_the_numbers_of_the_server")]
    [DataRow("changed_memory_is_analysed_again")]
    [DataRow("refusal_is_shown_in_the_servers_words")]
    [DataRow("model_that_takes_over_leaves_nothing_of_the_former")]
    [DataRow("undo_that_is_refused_blocks_none_before_it")]
    [DataRow("undo_overwrites_no_change_of_somebody_else")]
    [DataRow("adding_and_its_undo_go_on_where_they_stopped")]
    [DataRow("key_that_is_revoked_is_asked_for_again")]
    [DataRow("page_below_a_folder_asks_below_it")]
    [DataRow("focus_stays_where_the_work_is")]
    [DataRow("focus_stays_by_an_analysis_that_is_started_and_stopped")]
    [DataRow("pictures_to_teach_with_outlive_another_view")]
    [DataRow("memories_of_hardly_any_entries_are_shown")]
    [DataRow("adaptive_memory_offers_only_what_it_can_do")]
    [DataRow("memory_that_is_read_only_offers_no_change")]
    [DataRow("ids_are_exact_or_left_alone")]
    [DataRow("files_that_fall_elsewhere_or_are_no_pictures_do_no_harm")]
    [DataRow("entry_under_the_pointer_may_vanish")]
    [DataRow("pages_ask_nobody_else_and_complain_of_nothing")]
    public void Scenario_holds(string name)
    {
        if (_missing is not null) Assert.Inconclusive(_missing);
        Assert.IsTrue(_failures.TryGetValue(name, out string? failure), $"Scenario {name} was not run.");
        Assert.IsNull(failure, failure);
    }

    [TestMethod]
    public void Every_scenario_is_a_test()
    {
        if (_missing is not null) Assert.Inconclusive(_missing);
        string[] named =
        [
            .. typeof(InspectorTests).GetMethod(nameof(Scenario_holds))!
                .GetCustomAttributes(typeof(DataRowAttribute), inherit: false)
                .Select(row => (string)((DataRowAttribute)row).Data[0]!),
        ];
        CollectionAssert.AreEquivalent(named, _failures.Keys);
    }
}
