// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Host.Behaviour.Tests.Harness;

/// <summary>What Try answers when its function threw.</summary>
internal sealed record CaughtException(Exception Exception);
