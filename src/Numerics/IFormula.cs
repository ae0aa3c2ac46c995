using System.Numerics;

namespace Orchestrator.Numerics;

/// <summary>
/// The formula of an <see cref="FusedPass"/> pass that reads one vector and changes one; the digits
/// in the names of its siblings count likewise. Give <c>Run</c> the attribute AggressiveInlining,
/// use only operations that treat lanes by themselves, and no fused multiply-add.
/// </summary>
public interface IFormula11
{
    /// <summary>Changes x, given a, lane by lane.</summary>
    void Run(Vector<float> a, ref Vector<float> x);
}

/// <inheritdoc cref="IFormula11"/>
public interface IFormula12
{
    /// <summary>Changes x and y, given a, lane by lane.</summary>
    void Run(Vector<float> a, ref Vector<float> x, ref Vector<float> y);
}

/// <inheritdoc cref="IFormula11"/>
public interface IFormula13
{
    /// <summary>Changes x, y and z, given a, lane by lane.</summary>
    void Run(Vector<float> a, ref Vector<float> x, ref Vector<float> y, ref Vector<float> z);
}

/// <inheritdoc cref="IFormula11"/>
public interface IFormula21
{
    /// <summary>Changes x, given a and b, lane by lane.</summary>
    void Run(Vector<float> a, Vector<float> b, ref Vector<float> x);
}

/// <inheritdoc cref="IFormula11"/>
public interface IFormula22
{
    /// <summary>Changes x and y, given a and b, lane by lane.</summary>
    void Run(Vector<float> a, Vector<float> b, ref Vector<float> x, ref Vector<float> y);
}

/// <inheritdoc cref="IFormula11"/>
public interface IFormula31
{
    /// <summary>Changes x, given a, b and c, lane by lane.</summary>
    void Run(Vector<float> a, Vector<float> b, Vector<float> c, ref Vector<float> x);
}
