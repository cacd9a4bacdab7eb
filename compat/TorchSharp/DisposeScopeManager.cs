// Licensed under the MIT License. See LICENSE in the project root for license information.
namespace TorchSharp;

/// <summary>Says what a thread has made and freed.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static ThreadDisposeScopeStatistics _statistics;

    public static ThreadDisposeScopeStatistics Statistics => _statistics ??= new ThreadDisposeScopeStatistics();
}
