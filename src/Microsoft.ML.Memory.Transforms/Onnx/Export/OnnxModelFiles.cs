// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Storage;

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

    /// <summary>What the names of files with the values of models end with.</summary>
    public const string ValuesExtension = ".data";

    /// <summary>Writes values under their own name and the model to a temporary file, then moves the model.</summary>
    /// <param name="writer">The model.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="hasExternalData">Whether the values go beside it even where they fit in.</param>
    public static void Write(OnnxModelWriter writer, string path, bool hasExternalData)
    {
        string target = Path.GetFullPath(path);
        bool isOneFile = writer.FitsOneFile && !hasExternalData;
        using (HeldFile? values = isOneFile ? null : HeldFile.Create(target, ValuesExtension))
        {
            try
            {
                WriteModel(writer, target, values);
            }
            catch
            {
                values?.Delete();
                throw;
            }
        }

        StaleFiles.Delete(target);
    }

    private static void WriteModel(OnnxModelWriter writer, string target, HeldFile? values)
    {
        using var model = HeldFile.Create(target, TemporaryExtension);
        try
        {
            if (values is null) writer.Write(model.Stream);
            else writer.Write(model.Stream, values.Stream, values.Name);

            // Values and names are on the device before the model that counts on them.
            values?.Complete();
            model.Complete();
            FolderFlush.Try(target);
            File.Move(model.FilePath, target, overwrite: true);
            FolderFlush.Try(target);
        }
        catch
        {
            model.Delete();
            throw;
        }
    }
}
