// Licensed under the MIT License. See LICENSE in the project root for license information.

using Host.Behaviour.Tests.Rows;
using Microsoft.ML.Transforms;

namespace Host.Behaviour.Tests.Fixtures;

/// <summary>A mapping that a saved model names by its contract.</summary>
[CustomMappingFactoryAttribute("doubleX")]
internal sealed class DoubleX : CustomMappingFactory<XY, SumOut>
{
    public override Action<XY, SumOut> GetMapping() => (a, o) => o.Sum = 2 * a.X;
}
