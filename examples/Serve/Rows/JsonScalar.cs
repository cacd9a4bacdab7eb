// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Text.Json;

namespace MemoryServe;

/// <summary>Reads the value that the reader stands on; false where it is no such value.</summary>
internal delegate bool JsonScalar<T>(ref Utf8JsonReader reader, out T value);
