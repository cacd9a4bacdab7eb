// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Indexes;

[TestClass]
public sealed class TorchVectorIndexSignedByteTests() : TorchVectorIndexContract(VectorEncoding.SignedByte);
