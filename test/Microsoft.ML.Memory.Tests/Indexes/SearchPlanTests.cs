// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Indexes;

[TestClass]
public sealed class SearchPlanTests
{
    [TestMethod]
    [DataRow(SearchStrategy.Exact)]
    [DataRow(SearchStrategy.Graph)]
    public void Choose_takes_what_is_asked_for(SearchStrategy asked)
    {
        SearchPlan plan = SearchPlan.Choose(asked, 1_000_000_000, 4096, 0);

        Assert.AreEqual(new SearchPlan(asked, $"{asked} search: asked for."), plan);
    }

    [TestMethod]
    [DataRow(0L, 1)]
    [DataRow(1L << 20, 128)]
    [DataRow(1L << 27, 1)]
    public void Choose_is_exact_up_to_the_limit(long count, int dimension)
    {
        SearchPlan plan = SearchPlan.Choose(SearchStrategy.Auto, count, dimension, long.MaxValue);

        Assert.AreEqual(SearchStrategy.Exact, plan.Strategy);
        Assert.AreEqual(
            $"Exact search: {count} entries of {dimension} values are at most 134217728 values in all, "
            + "few enough to compare with all.",
            plan.Reason);
    }

    [TestMethod]
    public void Choose_takes_a_graph_beyond_the_limit_while_the_budget_holds_it()
    {
        SearchPlan graph = SearchPlan.Choose(SearchStrategy.Auto, (1 << 20) + 1, 128, 385L << 20);
        SearchPlan exact = SearchPlan.Choose(SearchStrategy.Auto, (1 << 20) + 1, 128, 384L << 20);

        Assert.AreEqual(
            new SearchPlan(
                SearchStrategy.Graph,
                "Graph search: 1048577 entries of 128 values are more than 134217728 values in all; it takes 385 MiB."),
            graph);
        Assert.AreEqual(
            new SearchPlan(
                SearchStrategy.Exact,
                "Exact search: a graph of 1048577 entries of 128 values would take 385 MiB, and 384 MiB may be used."),
            exact);
    }

    [TestMethod]
    [DataRow(VectorEncoding.SignedByte, 16, 385)]
    [DataRow(VectorEncoding.SignedByte, 64, 769)]
    [DataRow(VectorEncoding.Half, 16, 513)]
    [DataRow(VectorEncoding.Single, 32, 897)]
    public void Choose_counts_a_graph_of_the_settings_asked_for(VectorEncoding encoding, int linkCount, int mebibytes)
    {
        var options = new IndexOptions
        {
            Graph = new GraphSettings { Encoding = encoding, LinkCount = linkCount },
            MemoryBudget = (long)mebibytes << 20,
        };

        IndexOptions less = options with { MemoryBudget = options.MemoryBudget - 1 };

        SearchPlan fits = SearchPlan.Choose(options, (1 << 20) + 1, 128);
        SearchPlan fails = SearchPlan.Choose(less, (1 << 20) + 1, 128);

        Assert.AreEqual(SearchStrategy.Graph, fits.Strategy);
        StringAssert.EndsWith(fits.Reason, $" it takes {mebibytes} MiB.");
        Assert.AreEqual(SearchStrategy.Exact, fails.Strategy);
    }

    [TestMethod]
    public void Choose_counts_longer_codes_where_a_byte_a_value_is_too_short()
    {
        var options = new IndexOptions { MemoryBudget = long.MaxValue };

        SearchPlan plan = SearchPlan.Choose(options, 1 << 20, 65_537);

        StringAssert.EndsWith(plan.Reason, $" it takes {(2 * 65_537) + 256} MiB.");
    }

    [TestMethod]
    public void Choose_takes_codes_where_there_are_entries_enough_to_train_them()
    {
        SearchPlan few = SearchPlan.Choose(SearchStrategy.Quantized, 9_999, 784);
        SearchPlan enough = SearchPlan.Choose(SearchStrategy.Quantized, 10_000, 784, 0);
        SearchPlan kept = SearchPlan.Choose(
            new IndexOptions
            {
                Strategy = SearchStrategy.Quantized,
                Quantization = new QuantizedSettings { SubspaceCount = 49, TrainingCount = 100 },
            },
            100,
            784);

        Assert.AreEqual(
            new SearchPlan(
                SearchStrategy.Exact,
                "Exact search: Quantized was asked for, and its codebooks are trained on 10000 entries. There are "
                + "9999; their vectors are kept until then."),
            few);
        Assert.AreEqual(
            new SearchPlan(
                SearchStrategy.Quantized,
                "Quantized search: asked for. An entry has a code of 98 bytes instead of a vector of 3136."),
            enough);
        Assert.AreEqual(
            new SearchPlan(
                SearchStrategy.Quantized,
                "Quantized search: asked for. An entry has a code of 49 bytes beside a vector of 3136."),
            kept);
    }

    [TestMethod]
    public void Choose_never_takes_codes_by_itself()
    {
        var options = new IndexOptions { Quantization = new QuantizedSettings(), MemoryBudget = 0 };

        Assert.AreEqual(SearchStrategy.Exact, SearchPlan.Choose(options, 1L << 40, 4096).Strategy);
    }

    [TestMethod]
    public void Choose_refuses_options_out_of_range()
    {
        Refusal.Assert<ArgumentException>(
            "IndexOptions.Strategy must be a strategy. Got 9. IndexOptions.MemoryBudget must be null or at least 0. "
            + "Got -3. IndexOptions.Graph.LinkCount must be in [2, 512]. Got 1. "
            + "IndexOptions.Quantization.CandidateFactor must be at least 1. Got 0.",
            () => SearchPlan.Choose(
                new IndexOptions
                {
                    Strategy = (SearchStrategy)9,
                    MemoryBudget = -3,
                    Graph = new GraphSettings { LinkCount = 1 },
                    Quantization = new QuantizedSettings { CandidateFactor = 0 },
                },
                1,
                1));
        Refusal.Assert<ArgumentException>(
            "IndexOptions.Quantization.SubspaceCount must be at most 4, the length of a vector. Got 5.",
            () => SearchPlan.Choose(
                new IndexOptions
                {
                    Strategy = SearchStrategy.Quantized,
                    Quantization = new QuantizedSettings { SubspaceCount = 5 },
                },
                1,
                4));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-0.5)]
    [DataRow(1.5)]
    [DataRow(double.NaN)]
    public void Choose_refuses_a_target_that_is_no_share(double target)
    {
        Refusal.Assert<ArgumentException>(
            FormattableString.Invariant($"IndexOptions.TargetRecall must be null or in (0, 1]. Got {target}."),
            () => SearchPlan.Choose(new IndexOptions { TargetRecall = target }, 1, 1));
    }

    [TestMethod]
    public void Choose_without_a_budget_goes_by_the_memory_left()
    {
        Assert.AreEqual(
            SearchStrategy.Exact, SearchPlan.Choose(SearchStrategy.Auto, 1L << 50, 1024).Strategy);
    }

    [TestMethod]
    public void Choose_refuses_what_makes_no_sense()
    {
        Refusal.Assert<ArgumentException>(
            "asked must be a strategy. Got 9. (Parameter 'asked')",
            () => SearchPlan.Choose((SearchStrategy)9, 1, 1));
        Refusal.Assert<ArgumentException>(
            "count must be at least 0. Got -1. (Parameter 'count')",
            () => SearchPlan.Choose(SearchStrategy.Auto, -1, 1));
        Refusal.Assert<ArgumentException>(
            "SearchPlan.Choose's dimension must be at least 1. Got 0. (Parameter 'dimension')",
            () => SearchPlan.Choose(SearchStrategy.Auto, 1, 0));
        Refusal.Assert<ArgumentException>(
            "memoryBudget must be null or at least 0. Got -1. (Parameter 'memoryBudget')",
            () => SearchPlan.Choose(SearchStrategy.Auto, 1, 1, -1));
    }
}
