// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Deletes what earlier exports to a path left: values that no model names, and models that were never whole.
/// </summary>
internal static class StaleFiles
{
    private const int IdLength = 32;

    /// <summary>Deletes them; those that cannot be deleted now stay.</summary>
    public static void Delete(string model)
    {
        string name = Path.GetFileName(model);
        try
        {
            string[] files = Directory.GetFiles(Path.GetDirectoryName(model) ?? "");
            string[] models = [.. files.Where(file => MayBeModel(name, Path.GetFileName(file))).Union([model])];
            foreach (string file in files)
            {
                if (IsOf(name, Path.GetFileName(file), OnnxModelFiles.TemporaryExtension)) TryDelete(file, []);
                else if (IsOf(name, Path.GetFileName(file), OnnxModelFiles.ValuesExtension)) TryDelete(file, models);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder may be written and not be listed.
        }
    }

    private static void TryDelete(string path, string[] models)
    {
        try
        {
            if (!IsNamed(models, path)) DeleteIfFree(path, models);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody writes or reads it: the next export finds it again.
        }
    }

    private static bool IsOf(string model, string name, string extension)
        => name.Length == model.Length + 1 + IdLength + extension.Length
            && name.StartsWith(model + ".", StringComparison.Ordinal)
            && name.EndsWith(extension, StringComparison.Ordinal)
            && name.AsSpan(model.Length + 1, IdLength).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>Whether a file may be a copy of a model, such as copy.onnx and model.onnx.bak.</summary>
    private static bool MayBeModel(string model, string name)
        => (name.Contains(".onnx", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith(model, StringComparison.Ordinal))
            && !name.EndsWith(OnnxModelFiles.ValuesExtension, StringComparison.Ordinal)
            && !IsOf(model, name, OnnxModelFiles.TemporaryExtension);

    private static void DeleteIfFree(string path, string[] models)
    {
        // Fails where another holds it. Windows has to be told that it may be deleted all the same.
        FileShare alone = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

        // To read a pipe would be to wait for whoever writes to it.
        using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, alone);

        // The model may have come since; now that nobody holds the values, none will.
        if (held.CanSeek && !IsNamed(models, path)) File.Delete(path);
    }

    /// <summary>Whether a model, or a copy of one beside it, holds the name of a file.</summary>
    private static bool IsNamed(string[] models, string path)
    {
        string name = Path.GetFileName(path);
        return Array.Exists(models, model => Names(model, name));
    }

    private static bool Names(string model, string name)
    {
        // A pipe has no length.
        if (new FileInfo(model).Length == 0) return false;
        using FileStream stream = File.OpenRead(model);
        return OnnxParts.HoldsName(stream, name);
    }
}
