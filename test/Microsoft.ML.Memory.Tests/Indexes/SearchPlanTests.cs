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
