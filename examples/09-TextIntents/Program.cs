// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.ML;
using Microsoft.ML.Memory;

namespace TextIntentsExample;

/// <summary>What did they want? A memory of phrases says it, or that it does not know, and learns more.</summary>
internal sealed class Program(MLContext mlContext, Intents intents)
{
    private const int PhraseCount = 10;
    private const double NaiveLimit = 0.5; // what one might try first: less than half of the vote is no answer

    private readonly Checks _checks = new();

    private static int Main(string[] arguments)
        => DemoRun.Run(arguments, options => new Program(new MLContext(seed: 1), Intents.Load(options)).Run());

    private int Run()
    {
        IntentRow[] old = [.. intents.Memory.Where(IsOld)];
        Console.WriteLine($"{old.Length:N0} phrases of {old.DistinctBy(row => row.Intent).Count()} intents: "
            + $"{intents.Source}.");

        // Places where most texts count something say little: dividing by the root mean square makes rare ones matter.
        ITransformer text = mlContext.Transforms
            .CustomMapping<IntentRow, HashedText>(HashedText.Map, contractName: null)
            .Append(mlContext.Transforms.NormalizeMeanVariance("Features", fixZero: true))
            .Fit(View(old));
        IDataView rows = text.Transform(View(old));
        ITransformer fitted = mlContext.Transforms.Conversion.MapValueToKey("Label", "Intent")
            .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions
            {
                IdColumnName = "Id",
                NeighborCount = 10,
                Rejection = new RejectionOptions { Score = UnknownScoreKind.MeanDistance, KeptRate = 0.9 },
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedIntent", "PredictedLabel"))
            .Fit(rows);
        VisualMemoryTransformer memory = fitted.FindMemory<VisualMemoryTransformer>()
            .WithKnownRows(text.Transform(View(intents.HeldOut.Where(IsOld))));
        ITransformer model = text.Append(fitted.WithMemory(memory));

        Compare(model);
        Learn(model, text, memory);
        return _checks.Finish();
    }

    /// <summary>Asks about phrases of known intents and of none.</summary>
    private void Compare(ITransformer model)
    {
        Answer[] known = Ask(model, intents.Known.Where(IsOld)), unknown = Ask(model, intents.Unknown);
        double right = Share(known, answer => answer.PredictedIntent == answer.Intent);
        _checks.Add($"1. {right:P1} of the phrases of known intents are right before any is rejected", right > 0.8);

        double kept = Share(known, answer => answer.IsRight), found = Share(unknown, answer => answer.IsUnknown);
        double auroc = Auroc(known, unknown, answer => answer.UnknownScore);
        _checks.Add(
            $"2. By distance {found:P1} of {unknown.Length:N0} other phrases are rejected, {kept:P1} of the known ones "
            + $"stay right; AUROC {auroc:F3}",
            auroc > 0.9 && found > 0.5 && kept > 0.75);

        double naiveKept = Share(known, answer => answer.PredictedIntent == answer.Intent && !IsWeak(answer));
        double naive = Auroc(known, unknown, answer => 1 - answer.Score.Max());
        _checks.Add(
            $"   By scores below {NaiveLimit} it would be {Share(unknown, IsWeak):P1} and {naiveKept:P1}; "
            + $"AUROC {naive:F3}",
            naive < auroc);
    }

    /// <summary>Adds an intent from a few phrases, without training.</summary>
    private void Learn(ITransformer model, ITransformer text, VisualMemoryTransformer memory)
    {
        IntentRow[] asked = [.. intents.Known.Where(row => !IsOld(row))];
        double before = Share(Ask(model, asked), answer => answer.IsUnknown);
        IntentRow[] phrases = [.. intents.Memory.Where(row => !IsOld(row)).Take(PhraseCount)];
        VisualMemoryTransformer grown = memory.Add(text.Transform(View(phrases)), "Intent");
        ITransformer knowing = model.WithMemory(grown);
        double after = Share(Ask(knowing, asked), answer => answer.IsRight);
        double all = Share(Ask(knowing, intents.Known), answer => answer.PredictedIntent == answer.Intent);
        _checks.Add(
            $"3. {Intents.Added}: {before:P1} of {asked.Length} phrases were rejected; after Add of {phrases.Length} "
            + $"others {after:P1} are right, {all:P1} of all intents",
            after > 0.4);

        IntentRow question = asked[0];
        Explanation why = grown.Explain(text.Transform(View([question])))[0];
        Console.WriteLine($"4. '{question.Text}' means {why.PredictedLabel}, as these did:");
        Dictionary<long, string> texts = intents.Memory.ToDictionary(row => row.Id, row => row.Text);
        foreach (Contribution each in why.Contributions.Take(5))
            Console.WriteLine($"   {each.Share,6:P1}  {each.Label,-14}  {texts[each.Id]}");
        _checks.Add("   The nearest is of that intent", why.Contributions[0].Label == Intents.Added);
    }

    private static bool IsOld(IntentRow row) => row.Intent != Intents.Added;

    private static bool IsWeak(Answer answer) => answer.Score.Max() < NaiveLimit;

    private static double Share(Answer[] answers, Predicate<Answer> holds)
        => answers.Count(answer => holds(answer)) / (double)answers.Length;

    private static double Auroc(Answer[] known, Answer[] unknown, Converter<Answer, double> score)
        => RejectionMeasures.Auroc(Array.ConvertAll(known, score), Array.ConvertAll(unknown, score));

    private IDataView View(IEnumerable<IntentRow> rows) => mlContext.Data.LoadFromEnumerable(rows);

    private Answer[] Ask(ITransformer model, IEnumerable<IntentRow> rows)
        => [.. mlContext.Data.CreateEnumerable<Answer>(
            model.Transform(View(rows)), reuseRowObject: false, ignoreMissingColumns: true)];
}
