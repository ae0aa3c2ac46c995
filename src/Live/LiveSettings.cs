using Orchestrator.Reports;
using Orchestrator.Sweeps;

namespace Orchestrator.Live;

/// <summary>What is served, and where.</summary>
/// <param name="Output">The folder of all runs; it may not be there yet.</param>
/// <param name="Address">A name or an address of this machine.</param>
/// <param name="Port">0 takes a free one.</param>
/// <param name="TokenFile">Where the token is written, where one is needed; null for a place of
/// this user's.</param>
/// <param name="CertificateFile">A PEM file with certificate and key; null for a new one where one
/// is needed.</param>
/// <param name="OpenSweep">Opens the page of a sweep, or says why it cannot be shown.</param>
public sealed record LiveSettings(string Output, string Address, int Port, string? TokenFile, string? CertificateFile, Func<SweepFolder, OpenedPage> OpenSweep);

/// <summary>A page, or why there is none.</summary>
/// <param name="Page">Null where there is none.</param>
/// <param name="Why">For whoever asked; null where nothing is known but that it is not
/// there.</param>
public readonly record struct OpenedPage(ILivePage? Page, string? Why = null);
