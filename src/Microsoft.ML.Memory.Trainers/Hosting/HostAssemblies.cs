// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Runtime.CompilerServices;

// The attribute of saved models names types that the host keeps to itself.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
