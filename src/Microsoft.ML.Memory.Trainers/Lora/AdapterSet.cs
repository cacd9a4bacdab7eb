// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Named LoRA adapters on one frozen backbone, of which every call takes those it wants.</summary>
/// <remarks>
/// <para><see cref="Use(IReadOnlyList{string})"/> gives a transformer that scores with one adapter, with several whose
/// terms add, and with none, as the backbone alone does. It copies no weight and reads no file, so switching is calling
/// another one; there is no adapter that is "active" for all. Scores are those of a model that has this adapter alone,
/// to the last bit.</para>
/// <para>Holds its own copies of adapters: a few megabytes each, and the backbone once.</para>
/// <para>Thread-safe: threads may score with different adapters at once while others are added and removed. What was
/// removed stays usable to those who have it. Dispose of it to free the adapters, before the backbone.</para>
/// </remarks>
public sealed class AdapterSet : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedAdapter> _adapters = new(StringComparer.Ordinal);
    private readonly IHostEnvironment _environment;
    private readonly Backbone _backbone;
    private readonly FineTuneOptions _options;
    private readonly BackboneInput _input;
    private bool _isDisposed;

    /// <summary>Makes a set without adapters.</summary>
    /// <param name="mlContext">The host; where it names a GPU, adapters run there.</param>
    /// <param name="backbone">The backbone; it must outlive the set and its transformers.</param>
    /// <param name="options">The columns and how they are read: <see cref="FineTuneOptions.FeatureColumnName"/>,
    /// Image, Text, FeatureTokenCount, OutputFeatureColumnName, TrunkPrecision; all else is ignored. Null takes the
    /// defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of its range or does not fit the backbone.</exception>
    public AdapterSet(MLContext mlContext, Backbone backbone, FineTuneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(backbone);
        options ??= new LoraOptions();
        options.Validate();
        backbone.RequireAlive();

        _environment = ((IHostEnvironment)mlContext).Register(nameof(AdapterSet));
        using IChannel channel = _environment.Start("Create");
        _backbone = BackboneDevices.Chosen(backbone, _environment, channel);
        _options = options;
        _input = BackboneInputs.Of(backbone, options);
    }

    /// <summary>Names of the adapters, in the order of their letters.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate) return [.. _adapters.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Reads an adapter folder in PEFT's layout into the set.</summary>
    /// <param name="name">Name under which it is used; not empty and not taken.</param>
    /// <param name="folder">Holds the config and the tensors.</param>
    /// <param name="classNames">Name of each class of its head, all different; null numbers them from 1.</param>
    /// <exception cref="ArgumentException">The name is taken, or names do not fit the classes.</exception>
    /// <exception cref="InvalidDataException">A file is malformed or not for the backbone.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Add(string name, string folder, IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        ClassTable? classes = AdapterClasses.Named(classNames);
        LoraAdapter adapter = LoraAdapter.Load(folder, _backbone);
        Warn(name, adapter.Config);
        Add(name, adapter, classes);
    }

    /// <summary>Copies a loaded adapter into the set.</summary>
    /// <param name="name">Name under which it is used; not empty and not taken.</param>
    /// <param name="adapter">The adapter, which stays the caller's.</param>
    /// <param name="classNames">Name of each class of its head, all different; null numbers them from 1.</param>
    /// <exception cref="ArgumentException">The name is taken, the adapter is of a backbone of other weights or another
    /// pooling, or names do not fit the classes.</exception>
    public void Add(string name, LoraAdapter adapter, IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(adapter);
        adapter.RequireAlive();
        RequireSame(adapter.Backbone, nameof(adapter));

        Add(name, adapter.On(_backbone), AdapterClasses.Named(classNames));
    }

    /// <summary>Copies what a classifier was tuned to by LoRA into the set, and its classes.</summary>
    /// <remarks>Columns, and how they are read, are the set's, not the classifier's.</remarks>
    /// <param name="name">Name under which it is used; not empty and not taken.</param>
    /// <param name="tuned">The classifier, which stays the caller's.</param>
    /// <exception cref="ArgumentException">The name is taken, the classifier is not tuned by LoRA, or on a backbone of
    /// other weights or another pooling.</exception>
    public void Add(string name, FineTuneTransformer tuned)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tuned);
        tuned.Model.RequireAlive();
        if (tuned.Model.Tuned.Tuning is not LoraTuning)
        {
            throw new ArgumentException(
                $"tuned must be tuned by LoRA. Got {tuned.Model.Tuned.Tuning.Name}.", nameof(tuned));
        }

        RequireSame(tuned.Model.Backbone, nameof(tuned));
        Add(name, LoraAdapter.Of(tuned.Model.Tuned).On(_backbone), tuned.Classes);
    }

    /// <summary>Takes an adapter out of the set; transformers that use it keep it until they are disposed of.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there was one of this name.</returns>
    public bool Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        SharedAdapter? removed;
        lock (_gate) _adapters.Remove(name, out removed);
        removed?.Dispose();
        return removed is not null;
    }

    /// <summary>Gives a transformer that scores with adapters of the set, whose terms add.</summary>
    /// <remarks>The head and the classes are those of the adapter that has a head, else the backbone's own. Where
    /// several have one, say whose with <see cref="Use(IReadOnlyList{string}, string)"/>. Takes microseconds;
    /// <see cref="FineTunedModel.Merge"/> of its model makes scoring as fast as the backbone alone.</remarks>
    /// <param name="names">Names of adapters, each once; none is the backbone alone.</param>
    /// <returns>A transformer, which the caller disposes of. It is not saved: save adapters.</returns>
    /// <exception cref="ArgumentException">A name is not in the set or given twice, several adapters have a head, or
    /// two replace the same tensor of the backbone.</exception>
    /// <exception cref="InvalidOperationException">There is no head to score with.</exception>
    public FineTuneTransformer Use(params IReadOnlyList<string> names) => Placed(Whole(names), null);

    /// <summary>As <see cref="Use(IReadOnlyList{string})"/>, with the head and the classes of one of them.</summary>
    /// <param name="names">Names of adapters, each once.</param>
    /// <param name="head">The one of them whose head is taken; the other heads have no effect.</param>
    /// <returns>A transformer, which the caller disposes of. It is not saved: save adapters.</returns>
    /// <exception cref="ArgumentException">A name is not in the set or given twice, the head is not of one of the
    /// adapters, or two replace the same tensor of the backbone.</exception>
    public FineTuneTransformer Use(IReadOnlyList<string> names, string head)
    {
        ArgumentException.ThrowIfNullOrEmpty(head);

        return Placed(Whole(names), head);
    }

    /// <summary>As <see cref="Use(IReadOnlyList{string})"/>, with the terms of each adapter multiplied by a weight.
    /// </summary>
    /// <remarks>A head is taken as it is, whatever the weight: with weight 0 an adapter gives its head alone.</remarks>
    /// <param name="adapters">Names of adapters, each once, with weights that are finite in single precision; 1 is the
    /// adapter as it is, and nothing else for one that replaces biases or modules.</param>
    /// <returns>A transformer, which the caller disposes of. It is not saved: save adapters.</returns>
    /// <exception cref="ArgumentException">A name is not in the set or given twice, a weight is out of its range,
    /// several adapters have a head, or two replace the same tensor of the backbone.</exception>
    /// <exception cref="InvalidOperationException">There is no head to score with.</exception>
    public FineTuneTransformer Mix(params IReadOnlyList<(string Name, double Weight)> adapters) =>
        Placed(adapters, null);

    /// <summary>As <see cref="Mix(IReadOnlyList{ValueTuple{string, double}})"/>, with the head and the classes of one
    /// of them.</summary>
    /// <param name="adapters">Names of adapters, each once, with weights as there.</param>
    /// <param name="head">The one of them whose head is taken; the other heads have no effect.</param>
    /// <returns>A transformer, which the caller disposes of. It is not saved: save adapters.</returns>
    /// <exception cref="ArgumentException">A name is not in the set or given twice, a weight is out of its range, the
    /// head is not of one of the adapters, or two replace the same tensor of the backbone.</exception>
    public FineTuneTransformer Mix(IReadOnlyList<(string Name, double Weight)> adapters, string head)
    {
        ArgumentException.ThrowIfNullOrEmpty(head);

        return Placed(adapters, head);
    }

    /// <summary>Empties the set; transformers that are in use keep their adapters until they are disposed of.</summary>
    public void Dispose()
    {
        SharedAdapter[] all;
        lock (_gate)
        {
            _isDisposed = true;
            all = [.. _adapters.Values];
            _adapters.Clear();
        }

        foreach (SharedAdapter adapter in all) adapter.Dispose();
    }

    private static IReadOnlyList<(string Name, double Weight)> Whole(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);

        return [.. names.Select(n => (n, 1.0))];
    }

    private FineTuneTransformer Placed(IReadOnlyList<(string Name, double Weight)> adapters, string? head)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        foreach ((string name, double weight) in adapters)
        {
            if (float.IsFinite((float)weight)) continue;
            string got = weight.ToString(CultureInfo.InvariantCulture);
            throw new ArgumentException(
                $"Weights of adapters must be finite in single precision. Got {got} for '{name}'.", nameof(adapters));
        }

        var held = new AdapterLease([.. Held([.. adapters.Select(a => a.Name)])]);
        try
        {
            _backbone.RequireAlive();
            IEnumerable<PlacedAdapter> placed = held.Adapters.Zip(
                adapters, (one, asked) => new PlacedAdapter(asked.Name, one.Adapter, asked.Weight));
            var stack = new LoraStack(_backbone, [.. placed], head);
            var model = new TunedModel(_backbone, stack, _options.TrunkPrecision);
            ClassTable classes = held.Adapters.FirstOrDefault(a => a.Adapter == stack.Headed()?.Adapter)?.Classes
                ?? ClassTable.Numbered((int)model.Head.Weight.size(0));
            var report = new FineTuneReport { BackboneParameters = _backbone.ParameterCount };
            return new FineTuneTransformer(
                _environment, _options, new FineTunedModel(model, _input, report, held), classes);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private void Warn(string name, LoraAdapterConfig config)
    {
        if (config.UnknownKeys.Count == 0) return;
        using IChannel channel = _environment.Start("Add");
        channel.Warning(MessageSensitivity.None, $"The config of adapter '{name}' should have known keys only. Got "
            + $"{string.Join(", ", config.UnknownKeys.Select(BadFile.Quote))}, which have no effect.");
    }

    private void Add(string name, LoraAdapter adapter, ClassTable? classes)
    {
        try
        {
            var shared = new SharedAdapter(adapter, AdapterClasses.Of(adapter, classes));
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_adapters.TryAdd(name, shared)) return;
            }

            throw new ArgumentException($"name must not be taken. Got '{name}'. Remove it first.", nameof(name));
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    private List<SharedAdapter> Held(IReadOnlyList<string> names)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            foreach (string name in names)
            {
                if (name is not null && _adapters.ContainsKey(name)) continue;
                string known = _adapters.Count == 0 ? "none" : string.Join(", ", Names);
                throw new ArgumentException($"Adapters must be in the set, which has {known}. Got '{name}'.");
            }

            if (names.Distinct().Count() < names.Count)
                throw new ArgumentException($"Adapters must be named once. Got {string.Join(", ", names)}.");
            return [.. names.Select(n => _adapters[n].Held())];
        }
    }

    private void RequireSame(Backbone other, string parameter)
    {
        other.RequireAlive();
        if (other == _backbone) return;
        if (other.Hash != _backbone.Hash)
        {
            throw new ArgumentException($"{parameter} must be of the backbone of the set, of hash {_backbone.Hash}. "
                + $"Got {other.Hash}.", parameter);
        }

        if (other.RunsAs(_backbone)) return;
        throw new ArgumentException(
            $"{parameter} must be of a backbone with the sizes and the pooling of the set's, "
            + $"{_backbone.Trunk.Pooling}. Got {other.Trunk.Pooling}, or other sizes.", parameter);
    }
}
