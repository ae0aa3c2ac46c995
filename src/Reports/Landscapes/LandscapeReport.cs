using System.Text;
using System.Text.Json;
using Orchestrator.RunFolders;
using Orchestrator.Sweeps;

namespace Orchestrator.Reports;

/// <summary>A landscape's page, its figures and its numbers, as files.</summary>
public static class LandscapeReport
{
    /// <summary>
    /// Writes <c>landscape.json</c>, <c>landscape.html</c>, <c>contour.svg</c> and
    /// <c>surface.svg</c>, each whole or not at all; the same landscape gives the same bytes.
    /// </summary>
    /// <param name="landscape">What was computed.</param>
    /// <param name="folder">An existing folder.</param>
    /// <returns>Full path of the page.</returns>
    /// <exception cref="RecorderException">One cannot be written.</exception>
    public static string Write(Landscape landscape, string folder)
    {
        var contour = LandscapeFigures.Contour(landscape).ToString();
        var json = landscape.ToJson();
        Put("landscape.json", json.ToJsonString() + "\n");
        Put("contour.svg", contour);
        Put("surface.svg", LandscapeFigures.Surface(landscape).ToString());
        json["contour"] = contour;

        // The default encoder escapes what could end the block that holds it.
        var page = Path.Combine(folder, "landscape.html");
        WholeFile.Write(page, Page.Make(LandscapePage.Title(landscape), LandscapePage.Body(landscape), "landscape.js", json.ToJsonString(JsonSerializerOptions.Default), hasCharts: false));
        return page;

        void Put(string name, string text) => WholeFile.Write(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
    }
}
