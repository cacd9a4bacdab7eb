// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Trains a compressed memory, which keeps a few bits of every example: the index of its code.</summary>
/// <remarks>
/// <para>First a codebook is trained on the features, without their labels; then every row is added by the index of its
/// nearest code; then, for attention, a low-rank correction of keys and votes is learned.</para>
/// <para>Cost: Epochs searches of all rows among the codes; the data is read once and kept in memory meanwhile, n · d
/// floats. What stays is a codebook, K · d floats, and ceil(log2 K) bits, a class and an id an entry.</para>
/// <para>A fit whose correction overflows, by features of huge length that are not normalised, is an
/// <see cref="InvalidOperationException"/>.</para>
/// <para>Thread safety: immutable, so safe.</para>
/// <para>Source: Katraouras and Rafailidis, 2026, arXiv 2601.00756.</para>
/// <para>Differs from the paper: see docs/methods/compressed-memory.md.</para>
/// </remarks>
public sealed class CompressedMemoryTrainer : MemoryClassifierTrainer<CompressedMemoryTransformer, CompressedBank>
{
    /// <summary>Checks and keeps the options.</summary>
    internal CompressedMemoryTrainer(IHostEnvironment environment, CompressedMemoryOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
    }

    /// <summary>The settings this trainer was made with.</summary>
    public CompressedMemoryOptions Options { get; }

    private protected override string LabelColumnName => Options.LabelColumnName;

    private protected override string FeatureColumnName => Options.FeatureColumnName;

    private protected override CompressedMemoryTransformer Learn(
        IDataView input, DataViewSchema.Column label, int dimension, IChannel channel)
    {
        CompressedMemoryOptions options = Options with { EncoderFingerprint = MarkOf(input) };
        LabelledRows rows = LabelledRows.Read(input, options.Columns, label, null, dimension, channel);
        RequireLabelledRow(rows.Labels.Length);
        Codebook codebook = Codebook.Train(rows.Features, dimension, Options);
        CompressedBank bank = new CompressedBank(codebook, rows.Classes.Count)
            .Add(rows.Features, rows.Labels, rows.Classes.Count, rows.Ids);
        return new CompressedMemoryTransformer(
            Environment, options, bank, rows.Classes, LearnCorrection(bank, rows.Features));
    }

    private CodeCorrection? LearnCorrection(CompressedBank bank, float[] rows)
    {
        if (Options.Read != CodeRead.Attention || Options.CorrectionRank == 0 || bank.Count < 2) return null;
        Codebook.Prepare(rows, bank.Codebook.Dimension, Options);
        CodeCorrection correction = CorrectionTrainer.Train(bank, rows, new CorrectionSettings
        {
            Rank = Options.CorrectionRank,
            Alpha = Options.CorrectionAlpha,
            Scale = 2 * Options.Gamma,
            Epochs = Options.CorrectionEpochs,
            Seed = Options.Seed,
        });
        return correction.IsFinite(bank.Codebook)
            ? correction
            : throw new InvalidOperationException(
                "CompressedMemoryTrainer.Fit must learn a correction of finite numbers. Got NaN or infinity. Leave "
                + "CompressedMemoryOptions.NormalizeFeatures on, scale the features down, or set CorrectionRank to 0.");
    }
}
