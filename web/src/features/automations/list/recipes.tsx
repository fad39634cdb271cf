import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconRoute } from "@tabler/icons-react";
import { Card } from "../../../ui/page.tsx";
import { Empty } from "../../../ui/page-state.tsx";
import { type AutomationRecipe, recipesQuery, tidy } from "../model/model.ts";
import { NodeIcon } from "../parts/parts.ts";
import { CREATE, LIST } from "../texts.ts";
import classes from "./list.module.css";

/** What to start from, for those who have no automation. */
export function Recipes({ start }: { start: (recipe: string) => void }) {
  const { data, isPending } = useQuery(recipesQuery);
  const recipes = data?.data ?? [];
  if (isPending) return <Skeleton h={220} radius={16} role="status" aria-label={LIST.loading} />;
  if (recipes.length === 0)
    return (
      <Card>
        <Empty icon={<IconRoute size={26} stroke={1.6} />} title={LIST.no_recipes}>
          {LIST.no_recipes_text}
        </Empty>
      </Card>
    );
  return (
    <section className={classes["recipes"]}>
      <h2>{LIST.empty}</h2>
      <p>{LIST.empty_text}</p>
      <ul aria-label={CREATE.recipes}>
        {recipes.map((recipe) => (
          <li key={recipe.key}>
            <Card className={classes["recipe"]}>
              <Icons recipe={recipe} />
              <h3>{recipe.name}</h3>
              <p>{recipe.description}</p>
              <Button
                variant="default"
                size="xs"
                aria-label={CREATE.from_recipe(recipe.name)}
                onClick={() => start(recipe.key)}
              >
                {CREATE.use_it}
              </Button>
            </Card>
          </li>
        ))}
      </ul>
    </section>
  );
}

const SHOWN = 6;

/** Its steps as a row of pictures, from the top down. */
function Icons({ recipe: { flow } }: { recipe: AutomationRecipe }) {
  const nodes = tidy(flow).nodes.toSorted((a, b) => a.y - b.y || a.x - b.x);
  return (
    <span className={classes["icons"]} aria-hidden>
      {nodes.slice(0, SHOWN).map(({ id, type }) => (
        <NodeIcon key={id} type={type} size={15} />
      ))}
      {nodes.length > SHOWN && <small>+{nodes.length - SHOWN}</small>}
    </span>
  );
}
