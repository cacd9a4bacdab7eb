// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Onnx;

/// <summary>Puts an exported model where it belongs, or leaves what was there.</summary>
internal static class OnnxModelFiles
{
    /// <summary>Writes to temporary files beside the target first, then moves them into place.</summary>
    /// <param name="writer">The model.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="hasExternalData">Whether the values go beside it even where they fit in.</param>
    public static void Write(OnnxModelWriter writer, string path, bool hasExternalData)
    {
        string target = Path.GetFullPath(path);
        string suffix = $".{Guid.NewGuid():N}.tmp";
        string model = target + suffix;
        string location = Path.GetFileName(target) + ".data";
        string dataTarget = target + ".data";
        string data = dataTarget + suffix;
        bool isOneFile = writer.FitsOneFile && !hasExternalData;
        try
        {
            using (FileStream stream = File.Create(model))
            {
                if (isOneFile) writer.Write(stream);
                else
                {
                    using FileStream values = File.Create(data);
                    writer.Write(stream, values, location);
                }
            }

            if (isOneFile) File.Move(model, target, overwrite: true);
            else MoveBoth(model, target, data, dataTarget);
        }
        finally
        {
            File.Delete(model);
            File.Delete(data);
        }
    }

    /// <summary>Moves values and model; values that were there come back where the model cannot be moved.</summary>
    private static void MoveBoth(string model, string target, string data, string dataTarget)
    {
        string kept = data + ".old";
        bool isMoved = false;
        if (File.Exists(dataTarget)) File.Move(dataTarget, kept);
        try
        {
            File.Move(data, dataTarget);
            isMoved = true;
            File.Move(model, target, overwrite: true);
        }
        catch
        {
            // Values that another export has put there in the meantime are not ours to delete.
            if (isMoved) File.Delete(dataTarget);
            if (File.Exists(kept) && !File.Exists(dataTarget)) File.Move(kept, dataTarget);
            File.Delete(kept);
            throw;
        }

        File.Delete(kept);
    }
}
