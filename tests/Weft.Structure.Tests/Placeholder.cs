namespace Weft.Structure.Tests;
