// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>What the <c>adapter_config.json</c> of a LoRA adapter says; readable and written as PEFT does.</summary>
/// <remarks>
/// <para>Names of modules are those of the base model, without the prefix that PEFT puts before stored tensors.</para>
/// <para>Immutable and safe for several threads. Source: Hu et al., 2021, arXiv 2106.09685; rank-stabilised scale
/// Kalajdzievski, 2023, arXiv 2312.03732; layout and defaults those of huggingface/peft.</para>
/// </remarks>
public sealed record LoraAdapterConfig
{
    internal const int MostRank = 1 << 16;
    internal const double MostAlpha = 1e9;

    private const int LongestFile = 1 << 24;

    private PatternTable<int> _ranks = new([]);
    private PatternTable<double> _alphas = new([]);

    /// <summary>Name or path of the base model; null where it is not said. Default null.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Rank r of the low-rank terms, in [1, 65536]. Default 8.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Numerator of the scale, in [0, 1e9]. Default 8.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>Share of the inputs of the low-rank terms that training drops, in [0, 1]. Default 0.</summary>
    public double Dropout { get; init; }

    /// <summary>The modules that are adapted. Default those named <c>query</c> or <c>value</c>.</summary>
    public ModuleFilter Target { get; init; } = ModuleFilter.Of("query", "value");

    /// <summary>Modules left out although <see cref="Target"/> has them; null for none. Default null.</summary>
    public ModuleFilter? Exclude { get; init; }

    /// <summary>
    /// Numbers of the layers that are adapted, read from the first segment of a name that is a number; null for all,
    /// and for modules outside layers. Default null.
    /// </summary>
    public IReadOnlyList<int>? LayersToTransform { get; init; }

    /// <summary>
    /// Segments after which a layer's number stands; empty for the first number anywhere. Of no effect without
    /// <see cref="LayersToTransform"/>. Default empty.
    /// </summary>
    public IReadOnlyList<string> LayersPattern { get; init; } = [];

    /// <summary>
    /// Ranks of modules whose last segments match a regular expression; the first that matches decides. Default empty.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern
    {
        get;
        init
        {
            _ranks = new PatternTable<int>(value);
            field = value;
        }
    } = [];

    /// <summary>Numerators of the scale, chosen as in <see cref="RankPattern"/>. Default empty.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern
    {
        get;
        init
        {
            _alphas = new PatternTable<double>(value);
            field = value;
        }
    } = [];

    /// <summary>Which biases are trained. Default none.</summary>
    public LoraBiasKind Bias { get; init; }

    /// <summary>Whether the scale is alpha / sqrt r instead of alpha / r. Default false.</summary>
    public bool UseRsLora { get; init; }

    /// <summary>Whether the base stores its weights as [in, out]. Default false.</summary>
    public bool FanInFanOut { get; init; }

    /// <summary>Modules that are trained and stored whole, such as a head. Default empty.</summary>
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    /// <summary>Whether the adapter is meant for use, not for further training. Default true.</summary>
    public bool InferenceMode { get; init; } = true;

    /// <summary>PEFT's name of the task; null where it is not said. <c>SEQ_CLS</c> saves heads. Default null.</summary>
    public string? TaskType { get; init; }

    /// <summary>Keys of the file that are not known and have no effect: worth a warning. Default empty.</summary>
    public IReadOnlyList<string> UnknownKeys { get; internal init; } = [];

    /// <summary>Reads and validates an <c>adapter_config.json</c>.</summary>
    /// <param name="path">Path of the file, of at most 16 MiB.</param>
    /// <returns>The config.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file breaks a rule, or asks for what is not LoRA as here, such as
    /// DoRA; the message names the key.</exception>
    public static LoraAdapterConfig Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        using JsonFields fields = JsonFields.Open(path, LongestFile);
        return LoraConfigReader.Read(fields);
    }

    /// <summary>Reads and validates the content of an <c>adapter_config.json</c>, as <see cref="Load"/> does.</summary>
    /// <param name="json">The text, UTF-8.</param>
    /// <param name="source">What messages call the file.</param>
    /// <returns>The config.</returns>
    /// <exception cref="InvalidDataException">The text breaks a rule; the message names the key.</exception>
    public static LoraAdapterConfig Parse(ReadOnlyMemory<byte> json, string source)
    {
        using JsonFields fields = JsonFields.Parse(json, source);
        return LoraConfigReader.Read(fields);
    }

    /// <summary>Gives the text of an <c>adapter_config.json</c> that PEFT reads.</summary>
    /// <returns>Indented JSON, keys in alphabetical order; unknown keys are not written again.</returns>
    /// <exception cref="ArgumentException">A value breaks its rule.</exception>
    public string ToJson()
    {
        Validate();
        return LoraConfigWriter.Write(this);
    }

    /// <summary>Says whether a linear module is adapted.</summary>
    /// <param name="module">Dotted name of the module in the base model.</param>
    /// <returns>Whether it is: chosen, not excluded, not saved whole, and in one of the layers.</returns>
    /// <exception cref="InvalidDataException">A pattern takes more than a second to decide.</exception>
    public bool Matches(string module)
    {
        ArgumentNullException.ThrowIfNull(module);

        return !IsSaved(module)
            && Target.Matches(module)
            && !(Exclude?.Matches(module) ?? false)
            && (LayersToTransform is null
                || (LayerNumber.Of(module, LayersPattern) is int layer && LayersToTransform.Contains(layer)));
    }

    /// <summary>Says whether a module is trained and stored whole, or lies in one that is.</summary>
    /// <param name="module">Dotted name of the module in the base model.</param>
    /// <returns>Whether <see cref="ModulesToSave"/> has it; SEQ_CLS adds <c>classifier</c> and <c>score</c>.</returns>
    public bool IsSaved(string module)
    {
        ArgumentNullException.ThrowIfNull(module);

        string segments = $".{module}.";
        return SavedNames().Any(name => segments.Contains($".{name}.", StringComparison.Ordinal));
    }

    /// <summary>Gives the rank of a module's low-rank term.</summary>
    /// <param name="module">Dotted name of the module in the base model.</param>
    /// <returns>The rank that <see cref="RankPattern"/> says, else <see cref="Rank"/>.</returns>
    /// <exception cref="InvalidDataException">A pattern takes more than a second to decide.</exception>
    public int RankOf(string module)
    {
        ArgumentNullException.ThrowIfNull(module);

        return _ranks.Find(module) ?? Rank;
    }

    /// <summary>Gives the factor of a module's low-rank term.</summary>
    /// <param name="module">Dotted name of the module in the base model.</param>
    /// <returns>alpha / r, or alpha / sqrt r with <see cref="UseRsLora"/>, for the module's own alpha and r.</returns>
    /// <exception cref="InvalidDataException">A pattern takes more than a second to decide.</exception>
    public double ScaleOf(string module)
    {
        double rank = RankOf(module);
        return (_alphas.Find(module) ?? Alpha) / (UseRsLora ? Math.Sqrt(rank) : rank);
    }

    /// <summary>Checks every rule that the properties state.</summary>
    /// <exception cref="ArgumentException">Some are broken; the message names all of them.</exception>
    public void Validate() => BrokenRule.ThrowIfAny(LoraRules.Broken(this), nameof(LoraAdapterConfig));

    private IEnumerable<string> SavedNames()
        => TaskType == "SEQ_CLS" ? ModulesToSave.Concat(["classifier", "score"]) : ModulesToSave;
}
