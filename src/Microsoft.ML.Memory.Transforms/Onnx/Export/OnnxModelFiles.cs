// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Puts an exported model where it belongs, or leaves what was there.</summary>
/// <remarks>
/// A model and its values change together, although they are two files: every export gives its values a name that no
/// other has or will have, and only the move of the model, which is one step, makes them the ones that count.
/// </remarks>
internal static class OnnxModelFiles
{
    /// <summary>What the names of models end with until they are whole.</summary>
    public const string TemporaryExtension = ".tmp";

    /// <summary>Writes values under their own name and the model to a temporary file, then moves the model.</summary>
    /// <param name="writer">The model.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="hasExternalData">Whether the values go beside it even where they fit in.</param>
    public static void Write(OnnxModelWriter writer, string path, bool hasExternalData)
    {
        string target = Path.GetFullPath(path);
        string model = $"{target}.{Guid.NewGuid():N}{TemporaryExtension}";
        bool isOneFile = writer.FitsOneFile && !hasExternalData;
        using (OnnxValuesFile? values = isOneFile ? null : OnnxValuesFile.Create(target))
        {
            try
            {
                WriteThrough(writer, model, values);
                File.Move(model, target, overwrite: true);
                FolderFlush.Try(target);
            }
            catch
            {
                File.Delete(model);
                values?.Delete();
                throw;
            }
        }

        OnnxValuesFile.DeleteStale(target);
    }

    /// <summary>Writes and has the device keep what was written, the names included.</summary>
    private static void WriteThrough(OnnxModelWriter writer, string model, OnnxValuesFile? values)
    {
        using FileStream stream = File.Create(model);
        if (values is null) writer.Write(stream);
        else writer.Write(stream, values.Stream, values.Name);
        values?.Complete();
        stream.Flush(flushToDisk: true);
        FolderFlush.Try(model);
    }
}
