using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Models;

/// <summary>
/// Options of <c>quadratic</c>. Eigenvalues are spaced evenly in their logarithm.
/// </summary>
public sealed record QuadraticOptions(
    [Description("Number of parameters.")][Range(1, 16777216)] int Dimension = 16,
    [Description("Largest eigenvalue, of the first parameter.")][Range(1e-9, 1e9)] double LargestEigenvalue = 1,
    [Description("Smallest eigenvalue, of the last parameter.")][Range(1e-9, 1e9)] double SmallestEigenvalue = 0.01,
    [Description("Where every parameter starts.")][Range(-1e6, 1e6)] double Start = 1,
    [Description("Standard deviation of the noise in each element of a gradient.")][Range(0.0, 1e6)] double NoiseStandardDeviation = 0.05,
    [Description("The loss is infinite, so the run diverged, once a parameter's size reaches it.")][Range(1e-9, 1e30)] double DivergenceBound = 1e6);
