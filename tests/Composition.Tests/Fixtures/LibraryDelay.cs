using Fixture.Library;
using Orchestrator.Abstractions;

namespace Orchestrator.Fixtures;

/// <summary>
/// Its duration is the version of the library that it was given; the class is compiled once against
/// each version.
/// </summary>
[Plugin("library-version")]
internal sealed class LibraryDelay : IDelay
{
    public double Milliseconds(in DelayDraw draw) => Edition.Number;
}
