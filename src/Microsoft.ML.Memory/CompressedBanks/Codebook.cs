// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Numerics.Tensors;

namespace Microsoft.ML.Memory;

/// <summary>A frozen set of codes: vectors that stand for all vectors near them.</summary>
/// <remarks>
/// The code of a row is the nearest by squared Euclidean distance, the lowest where several are equally near.
/// Immutable, so safe for concurrent use.
/// </remarks>
public sealed class Codebook
{
    private readonly float[] _codes;
    private readonly BankSnapshot _index;

    /// <param name="settings">How it was trained.</param>
    /// <param name="codes">[K, d], finite; belongs to the codebook.</param>
    /// <param name="dimension">d.</param>
    internal Codebook(CodebookSettings settings, float[] codes, int dimension)
    {
        Settings = settings;
        Dimension = dimension;
        _codes = codes;
        _index = IndexOf(codes, dimension);
    }

    /// <summary>The settings it was trained with.</summary>
    public CodebookSettings Settings { get; }

    /// <summary>Length d of a code.</summary>
    public int Dimension { get; }

    /// <summary>Number of codes K.</summary>
    public int Count => _codes.Length / Dimension;

    /// <summary>Bytes of the codes.</summary>
    public long SizeBytes => (long)_codes.Length * sizeof(float);

    /// <summary>[K, d] codes.</summary>
    internal float[] Codes => _codes;

    /// <summary>Gives a code, [d].</summary>
    public ReadOnlySpan<float> CodeAt(int code) => _codes.AsSpan(Check.Index(code, Count) * Dimension, Dimension);

    /// <summary>Trains a codebook on rows, without labels.</summary>
    /// <remarks>Cost: Epochs searches of all rows among the codes, on all cores; the same bits whatever their number.
    /// </remarks>
    /// <param name="rows">[n, d], row-major, finite, n at least 1.</param>
    /// <param name="dimension">d, in [1, 2^20].</param>
    /// <param name="settings">Null means the defaults.</param>
    /// <exception cref="ArgumentException">A setting or length does not fit, or a value is not finite.</exception>
    public static Codebook Train(ReadOnlySpan<float> rows, int dimension, CodebookSettings? settings = null)
    {
        settings ??= new CodebookSettings();
        var violations = new OptionViolations(settings.GetType().Name);
        settings.Validate(violations);
        violations.ThrowIfAny();
        Check.Dimension(dimension);
        if (rows.IsEmpty || rows.Length % dimension != 0)
            throw new ArgumentException(
                $"rows must be [n, {dimension}] with n at least 1. Got {rows.Length} values.", nameof(rows));
        Check.Finite(rows, dimension, nameof(rows));
        if ((long)settings.CodeCount * dimension > Array.MaxLength)
            throw new ArgumentException(
                $"{settings.GetType().Name}.CodeCount must be at most {Array.MaxLength / dimension} with {dimension} "
                + $"features. Got {settings.CodeCount}.");

        float[] prepared = rows.ToArray();
        Prepare(prepared, dimension, settings);
        return CodebookTrainer.Train(prepared, dimension, settings);
    }

    /// <summary>Finds the code of each row.</summary>
    /// <param name="rows">[n, d], row-major, finite.</param>
    /// <param name="codes">Receives [n] codes, in [0, K).</param>
    /// <param name="options">Null means <see cref="SearchOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a value is not finite.</exception>
    public void Encode(ReadOnlySpan<float> rows, Span<int> codes, SearchOptions? options = null)
    {
        Check.Length(rows.Length, (long)codes.Length * Dimension, nameof(rows), $"[{codes.Length}, {Dimension}]");
        Check.Finite(rows, Dimension, nameof(rows));
        float[] prepared = rows.ToArray();
        Prepare(prepared, Dimension, Settings);
        EncodePrepared(_index, prepared, codes, options);
    }

    /// <summary>Computes the squared Euclidean distance of a prepared row to every code.</summary>
    /// <param name="row">[d].</param>
    /// <param name="distances">Receives [K].</param>
    internal unsafe void Distances(ReadOnlySpan<float> row, Span<double> distances)
    {
        fixed (float* query = row, codes = _codes)
        {
            for (int code = 0; code < distances.Length; code++)
            {
                distances[code] = PairDistance.Of(
                    Metric.SquaredEuclidean, query, 0, codes + ((long)code * Dimension), Dimension);
            }
        }
    }

    /// <summary>Scales rows to length 1 where the settings say so; a zero row stays zero.</summary>
    internal static void Prepare(Span<float> rows, int dimension, CodebookSettings settings)
    {
        if (settings.NormalizeFeatures) UnitRow.ScaleAll(rows, dimension);
    }

    /// <summary>Puts codes into a bank, whose search finds the nearest.</summary>
    internal static BankSnapshot IndexOf(float[] codes, int dimension)
    {
        var bank = new MemoryBank(dimension, Metric.SquaredEuclidean);
        bank.AddRange(codes, new int[codes.Length / dimension]);
        return bank.Snapshot();
    }

    /// <summary>Finds the code of each prepared row.</summary>
    internal static void EncodePrepared(
        BankSnapshot index, ReadOnlySpan<float> rows, Span<int> codes, SearchOptions? options = null)
    {
        var neighbors = new NeighborTable();
        index.Search(rows, 1, neighbors, options);
        for (int row = 0; row < codes.Length; row++) codes[row] = neighbors.PositionsOf(row)[0];
    }
}
