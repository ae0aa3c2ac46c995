namespace Orchestrator.Models;

/// <summary>An operation that can write its input's gradient a few lines at a time, when the producer of that input asks for them.</summary>
internal interface IGradientLines
{
    /// <summary>Lines that are written at once; divides the number of lines.</summary>
    int Height { get; }

    /// <summary>Writes the gradient of the lines from <paramref name="line"/> on.</summary>
    void Bring(int chunk, int line);
}
