// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;

namespace Microsoft.ML.Memory.Trainers.Tests.Training;

[TestClass]
public sealed class ExampleBatchTests
{
    [TestMethod]
    public void Create_a_batch_that_no_array_holds_is_refused() => Refusal.Assert<InvalidOperationException>(
        "FineTuneOptions.BatchSize must make a batch of at most "
        + Array.MaxLength.ToString(CultureInfo.InvariantCulture)
        + " numbers. Got 20000 rows of 150528. Lower it.",
        () => new ExampleBatch(20_000, 3 * 224 * 224));
}
