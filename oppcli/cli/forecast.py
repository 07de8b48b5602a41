"""`opp forecast`: whatif, of the catalogue of reads."""

import typer

app = typer.Typer(help="The forecast under other assumptions; opp report forecast tells what it is.")
