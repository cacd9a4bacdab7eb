// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Memory;

/// <summary>Reports the progress of training to the host's log.</summary>
internal sealed class TrainingLog(IChannel channel)
{
    public void Started(TunedModel model, ExampleSource examples)
    {
        long trained = model.TrainedCount, all = model.Backbone.ParameterCount;
        string share = (100.0 * trained / all).ToString("0.###", CultureInfo.InvariantCulture);
        Info($"Training {trained} parameters on a backbone of {all} ({share} %) with {examples.TrainCount} rows, "
            + $"{examples.HeldOutCount} held out, {examples.Classes.Count} classes.");
    }

    public void Resumed(string path, int epochs) => Info($"Went on after epoch {epochs} from '{path}'.");

    public void Epoch(EpochReport epoch, int epochCount, long rows)
    {
        string held = epoch.ValidationAccuracy is { } accuracy
            ? $", held out: loss {Short(epoch.ValidationLoss ?? 0)}, accuracy {Short(accuracy)}"
            : "";
        // A clock may stand still for an epoch that is over at once.
        string rate = (rows / Math.Max(epoch.Seconds, 1e-6)).ToString("0", CultureInfo.InvariantCulture);
        string time = Clock((epochCount - epoch.Epoch) * epoch.Seconds);
        Info($"Epoch {epoch.Epoch} of {epochCount}: loss {Short(epoch.Loss)}{held}; {rate} rows a second, "
            + $"{time} left.");
    }

    public void CacheFound(string path) => Info($"Took what the method reads of the backbone from '{path}'.");

    public void Selected(FeatureSelection selection) => Info(
        $"Kept {selection.Count} of {selection.FullCount} features; the head is trained again on those.");

    public void Stopped(string why) =>
        channel.Warning(
            MessageSensitivity.None, $"Training stopped early: {why.TrimEnd('.')}. The best epoch is kept.");

    public void NotSaved(string path, string why) => channel.Warning(MessageSensitivity.None,
        $"FineTuneOptions.CheckpointPath must be a file that can be written. Got '{path}': {why.TrimEnd('.')}. "
        + "Training goes on; the checkpoint there, if any, is the last that could be written. Free space.");

    public void Unreached(string what) => channel.Warning(MessageSensitivity.None, what);

    private void Info(string text) => channel.Info(MessageSensitivity.None, text);

    // Hours go on beyond a day.
    private static string Clock(double seconds)
    {
        long whole = (long)seconds;
        return string.Create(CultureInfo.InvariantCulture, $"{whole / 3600:00}:{whole / 60 % 60:00}:{whole % 60:00}");
    }

    private static string Short(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
