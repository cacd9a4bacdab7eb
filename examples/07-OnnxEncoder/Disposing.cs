// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML;

namespace OnnxEncoderExample;

/// <summary>Ends the session of the encoder in a model when the model is done with.</summary>
internal sealed class Disposing(ITransformer transformer) : IDisposable
{
    public ITransformer Transformer => transformer;

    public void Dispose() => (transformer as IDisposable)?.Dispose();
}
