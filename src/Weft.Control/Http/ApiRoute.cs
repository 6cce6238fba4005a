using Microsoft.AspNetCore.Http;

namespace Weft.Control;

/// <summary>One thing that can be asked for.</summary>
/// <param name="Method">As HTTP has it.</param>
/// <param name="Pattern">Of the path.</param>
/// <param name="Answer">Answers it.</param>
internal sealed record ApiRoute(string Method, string Pattern, RequestDelegate Answer);
